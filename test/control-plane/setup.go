package main

import (
	"context"
	"errors"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

const (
	// setUpTimeout is how long the start may take: some seconds here, many times that on a busy machine.
	setUpTimeout = 2 * time.Minute
	pollInterval = 25 * time.Millisecond
)

// setUp fills an API server that just starts, and returns when it serves what it was filled with.
func setUp(ctx context.Context, admin *rest.Config, crdFiles []string) error {
	ctx, cancel := context.WithTimeout(ctx, setUpTimeout)
	defer cancel()
	definitions, err := readDefinitions(crdFiles)
	if err != nil {
		return err
	}
	if err := waitUntilReady(ctx, admin); err != nil {
		return err
	}
	return errors.Join(createRoles(ctx, admin), createDefinitions(ctx, admin, definitions))
}

func waitUntilReady(ctx context.Context, admin *rest.Config) error {
	client, err := kubernetes.NewForConfig(admin)
	if err != nil {
		return err
	}
	return poll(ctx, func(ctx context.Context) bool {
		return client.RESTClient().Get().AbsPath("/readyz").Do(ctx).Error() == nil
	})
}

// poll asks until the answer is yes.
func poll(ctx context.Context, isSo func(ctx context.Context) bool) error {
	return wait.PollUntilContextCancel(ctx, pollInterval, true, func(ctx context.Context) (bool, error) {
		return isSo(ctx), nil
	})
}
