// decoder is the independent judge of what Istio's decoder does not tell apart: it reads specs as istiod does (jsonpb,
// unknown fields allowed) into the messages of istio.io/api. It shares nothing with drift but the specs it is given.
//
//	decoder describe   writes what the messages of every kind hold, as JSON
//	decoder            reads {"kind", "one", "other"} a line, writes "equal", "different", "refused one", "refused other"
//	                   or "refused both" a line
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/golang/protobuf/jsonpb"
	legacy "github.com/golang/protobuf/proto"
	"google.golang.org/protobuf/proto"
	extensions "istio.io/api/extensions/v1alpha1"
	networking "istio.io/api/networking/v1alpha3"
	proxyconfig "istio.io/api/networking/v1beta1"
	security "istio.io/api/security/v1beta1"
	telemetry "istio.io/api/telemetry/v1alpha1"
)

// kinds names the message that each kind's spec is.
var kinds = map[string]proto.Message{
	"VirtualService":        &networking.VirtualService{},
	"DestinationRule":       &networking.DestinationRule{},
	"Gateway":               &networking.Gateway{},
	"ServiceEntry":          &networking.ServiceEntry{},
	"Sidecar":               &networking.Sidecar{},
	"WorkloadEntry":         &networking.WorkloadEntry{},
	"WorkloadGroup":         &networking.WorkloadGroup{},
	"EnvoyFilter":           &networking.EnvoyFilter{},
	"ProxyConfig":           &proxyconfig.ProxyConfig{},
	"AuthorizationPolicy":   &security.AuthorizationPolicy{},
	"PeerAuthentication":    &security.PeerAuthentication{},
	"RequestAuthentication": &security.RequestAuthentication{},
	"Telemetry":             &telemetry.Telemetry{},
	"WasmPlugin":            &extensions.WasmPlugin{},
	"TrafficExtension":      &extensions.TrafficExtension{},
}

type pair struct {
	Kind       string
	One, Other json.RawMessage
}

func decode(kind string, spec json.RawMessage) (proto.Message, error) {
	message := kinds[kind].ProtoReflect().New().Interface()
	reader := jsonpb.Unmarshaler{AllowUnknownFields: true}
	return message, reader.Unmarshal(bytes.NewReader(spec), legacy.MessageV1(message))
}

func judge(p pair) string {
	one, oneError := decode(p.Kind, p.One)
	other, otherError := decode(p.Kind, p.Other)
	switch {
	case oneError != nil && otherError != nil:
		return "refused both"
	case oneError != nil:
		return "refused one"
	case otherError != nil:
		return "refused other"
	case proto.Equal(one, other):
		return "equal"
	}
	return "different"
}

func judgeAll(in io.Reader, out io.Writer) error {
	decoder := json.NewDecoder(in)
	writer := bufio.NewWriter(out)
	for {
		var p pair
		if err := decoder.Decode(&p); err == io.EOF {
			return writer.Flush()
		} else if err != nil {
			return err
		}
		if kinds[p.Kind] == nil {
			return fmt.Errorf("there is no kind %q", p.Kind)
		}
		fmt.Fprintln(writer, judge(p))
	}
}

func main() {
	run := func() error { return judgeAll(os.Stdin, os.Stdout) }
	if len(os.Args) == 2 && os.Args[1] == "describe" {
		run = func() error { return json.NewEncoder(os.Stdout).Encode(describe()) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
