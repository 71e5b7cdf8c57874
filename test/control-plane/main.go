// The control plane of the tests: etcd and the real kube-apiserver in one process, on loopback only, with the
// custom resource definitions of the mesh, four users and an audit log.
//
//	control-plane -dir DIR [-port N] [-crds FILE,FILE] [-- FURTHER KUBE-APISERVER FLAGS]
//
// DIR gets ca.crt, audit.log and <user>.kubeconfig, beside what the process needs for itself. Everything in it is
// made anew by each start, so DIR must not hold an earlier one. When the API server serves every definition and knows
// every user, one line "ready <server URL>" is printed on standard output; the log goes to standard error.
//
// It ends on SIGTERM and on SIGINT, and when its standard input ends: whoever started it holds the other end of that
// pipe, so it cannot outlive them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// stopTimeout is how long a stop may take before the process just goes.
const stopTimeout = 10 * time.Second

type options struct {
	folder         string
	port           int
	crdFiles       []string
	apiServerFlags []string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := run(ctx, parseOptions()); err != nil {
		fmt.Fprintln(os.Stderr, "control-plane:", err)
		os.Exit(1)
	}
}

func parseOptions() options {
	folder := flag.String("dir", "", "folder for data, certificates, kubeconfigs and the audit log")
	port := flag.Int("port", 0, "port on 127.0.0.1 (0: a free one)")
	crds := flag.String("crds", "", "files of CustomResourceDefinitions, separated by commas")
	flag.Parse()
	if *folder == "" {
		fmt.Fprintln(os.Stderr, "control-plane: -dir is needed")
		os.Exit(2)
	}
	var crdFiles []string
	if *crds != "" {
		crdFiles = strings.Split(*crds, ",")
	}
	return options{folder: *folder, port: *port, crdFiles: crdFiles, apiServerFlags: flag.Args()}
}

// run starts everything and returns once it was told to stop, or as soon as one part failed.
func run(ctx context.Context, opts options) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		fail(nil)
	}()
	folder, err := filepath.Abs(opts.folder)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	store, err := startEtcd(folder)
	if err != nil {
		return fmt.Errorf("etcd: %w", err)
	}
	server, err := prepareServer(folder, store.endpoint, opts)
	if err != nil {
		store.stop()
		return err
	}
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		fail(server.run(ctx))
	}()
	if err := setUp(ctx, server.admin, opts.crdFiles); err != nil {
		// A server that failed says why; the set-up only saw that it did not answer.
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		fail(err)
	} else {
		fmt.Println("ready", server.url)
	}
	<-ctx.Done()
	stopInOrder(stopped, store)
	return failure(context.Cause(ctx))
}

// stopInOrder waits for the end of the API server, which needs etcd up to then, and then ends etcd.
func stopInOrder(apiServer <-chan struct{}, store *etcdStore) {
	timeout := time.AfterFunc(stopTimeout, func() {
		fmt.Fprintln(os.Stderr, "control-plane: did not stop in", stopTimeout)
		os.Exit(1)
	})
	defer timeout.Stop()
	<-apiServer
	store.stop()
}

// failure is what an end was caused by, or nil if somebody wanted it.
func failure(cause error) error {
	if errors.Is(cause, context.Canceled) {
		return nil
	}
	return cause
}
