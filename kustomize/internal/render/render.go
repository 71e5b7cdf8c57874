// Package render runs Kustomize over one overlay of a commit.
package render

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/api/types"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"

	"mesh-drift/kustomize/internal/tree"
)

// Codes of a failure; the host has more of its own.
const (
	codeFailed  = "RENDER_FAILED"
	codeRefused = "RENDER_REFUSED"
)

// Failure is why an overlay has no answer.
type Failure struct {
	Code   string `json:"code"`
	Reason string `json:"reason"`
	Hint   string `json:"hint"`
}

// Answer is a rendered overlay, or a failure.
type Answer struct {
	Failure *Failure `json:"failure,omitempty"`
	// Objects in Kustomize's order, and where each comes from.
	Resources  []json.RawMessage `json:"resources,omitempty"`
	Provenance []Provenance      `json:"provenance,omitempty"`
	// Spent: something of this render would leak into the next one.
	Spent bool `json:"spent"`
}

// refuseFetch stands in for the network. The file loader makes its own
// http.Client, which uses the default transport.
type refuseFetch struct{ reached *string }

func (f refuseFetch) RoundTrip(request *http.Request) (*http.Response, error) {
	*f.reached = withoutSecrets(request.URL.String())
	return nil, errors.New(noFetch)
}

const noFetch = "nothing is fetched while rendering"

var fetched string

func init() { http.DefaultTransport = refuseFetch{&fetched} }

// Overlay renders the overlay in a folder ("" is the root). It never panics.
func Overlay(host tree.Host, overlay string) (answer Answer) {
	fetched = ""
	files := tree.New(host)
	look := &inspector{tree: files, plugins: map[string]bool{}}
	files.OnRead(look.read)
	files.OnMount(look.mount)
	defer func() {
		if panicked := recover(); panicked != nil {
			answer = Answer{Failure: defect(panicked), Spent: true}
		}
		answer.Spent = answer.Spent || look.spent
	}()
	rendered, err := krusty.MakeKustomizer(options()).Run(files, tree.Absolute(overlay))
	if refusal := files.Refusal(); refusal != nil {
		return Answer{Failure: &Failure{codeRefused, refusal.Reason, refusal.Hint}}
	}
	if err != nil {
		return Answer{Failure: explain(files, err)}
	}
	return collect(files, rendered)
}

// options are those of the command line: no plugins, no Helm, only files below their kustomization.
func options() *krusty.Options {
	o := krusty.MakeDefaultOptions()
	o.Reorder = krusty.ReorderOptionUnspecified
	return o
}

func collect(files *tree.FS, rendered resmap.ResMap) Answer {
	answer := Answer{Resources: []json.RawMessage{}, Provenance: []Provenance{}}
	for _, r := range rendered.Resources() {
		if err := dropOrigins(r); err != nil {
			return Answer{Failure: explain(files, err)}
		}
		object, err := encode(r)
		if err != nil {
			return Answer{Failure: explain(files, err)}
		}
		answer.Resources = append(answer.Resources, object)
		answer.Provenance = append(answer.Provenance, provenanceOf(files, r))
	}
	return answer
}

// encode writes an object as JSON; a Secret without what it holds. Kustomize
// itself would write YAML, read that again, and write JSON.
func encode(r *resource.Resource) ([]byte, error) {
	if r.GetKind() == "Secret" && r.GetApiVersion() == "v1" {
		for _, field := range []string{"data", "stringData"} {
			if err := r.PipeE(kyaml.Clear(field)); err != nil {
				return nil, err
			}
		}
	}
	object := map[string]any{}
	if err := r.YNode().Decode(&object); err != nil {
		return nil, err
	}
	encoded, err := json.Marshal(object)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.GetKind(), r.GetName(), err)
	}
	return encoded, nil
}

// defect is a panic of Kustomize: its first line, never its stack.
func defect(panicked any) *Failure {
	line, _, _ := strings.Cut(fmt.Sprint(panicked), "\n")
	return &Failure{codeFailed, "Kustomize itself failed: " + shorten(line),
		"Look for something unusual in the files of this overlay; the same Kustomize fails on them everywhere."}
}

// explain turns Kustomize's error into one that a person can read.
func explain(files *tree.FS, err error) *Failure {
	if fetched != "" && !strings.Contains(err.Error(), circle) {
		return &Failure{codeRefused, fmt.Sprintf("%q is a remote resource", fetched), remoteHint}
	}
	if types.IsErrOnlyBuiltinPluginsAllowed(err) {
		return &Failure{codeRefused, readable(files, err.Error()), pluginHint}
	}
	return &Failure{codeFailed, readable(files, err.Error()),
		"Run `kubectl kustomize` on the folder for the whole message."}
}
