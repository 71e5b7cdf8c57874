package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/yaml"
)

type definition = apiextensions.CustomResourceDefinition

// readDefinitions reads files of one or more YAML documents, each a CustomResourceDefinition.
func readDefinitions(files []string) ([]*definition, error) {
	var definitions []*definition
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		found, err := parseDefinitions(content)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		definitions = append(definitions, found...)
	}
	return definitions, nil
}

func parseDefinitions(content []byte) ([]*definition, error) {
	var definitions []*definition
	documents := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(content)))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return definitions, nil
		}
		if err != nil {
			return nil, err
		}
		crd := &definition{}
		if err := yaml.Unmarshal(document, crd); err != nil {
			return nil, err
		}
		switch crd.Kind {
		case "CustomResourceDefinition":
			definitions = append(definitions, crd)
		case "":
			// Only comments between two separators.
		default:
			return nil, fmt.Errorf("has a %s, and only CustomResourceDefinitions can be loaded", crd.Kind)
		}
	}
}

// createDefinitions returns when the API server serves every version of every definition.
func createDefinitions(ctx context.Context, admin *rest.Config, definitions []*definition) error {
	client, err := clientset.NewForConfig(admin)
	if err != nil {
		return err
	}
	crds := client.ApiextensionsV1().CustomResourceDefinitions()
	failures := make([]error, len(definitions))
	var all sync.WaitGroup
	for i, crd := range definitions {
		all.Go(func() {
			_, failures[i] = crds.Create(ctx, crd, meta.CreateOptions{})
		})
	}
	all.Wait()
	if err := errors.Join(failures...); err != nil {
		return err
	}
	paths := servedPaths(definitions)
	if err := waitUntilDiscovered(ctx, client.Discovery(), paths); err != nil {
		return err
	}
	return waitUntilListed(ctx, client.Discovery().RESTClient(), paths)
}

// servedPaths are "<group>/<version>/<plural>" of all versions that can be asked for.
func servedPaths(definitions []*definition) map[string]bool {
	paths := map[string]bool{}
	for _, crd := range definitions {
		for _, version := range crd.Spec.Versions {
			if version.Served {
				paths[crd.Spec.Group+"/"+version.Name+"/"+crd.Spec.Names.Plural] = true
			}
		}
	}
	return paths
}

// waitUntilDiscovered waits for what clients look kinds up in: it names a definition only once that is established.
// Asking for the definitions themselves would cost much more, they are large.
func waitUntilDiscovered(ctx context.Context, client discovery.DiscoveryInterface, paths map[string]bool) error {
	err := poll(ctx, func(context.Context) bool {
		// A group that is not whole yet is an error beside the others: the list alone tells.
		_, lists, _ := client.ServerGroupsAndResources()
		found := 0
		for _, list := range lists {
			for _, resource := range list.APIResources {
				if paths[list.GroupVersion+"/"+resource.Name] {
					found++
				}
			}
		}
		return found == len(paths)
	})
	if err != nil {
		return fmt.Errorf("not every definition is served: %w", err)
	}
	return nil
}

// waitUntilListed waits until lists are answered: the first ones of each version get a 429 while its cache is filled.
func waitUntilListed(ctx context.Context, client rest.Interface, paths map[string]bool) error {
	failures := make(chan error, len(paths))
	for path := range paths {
		go func() {
			failures <- poll(ctx, func(ctx context.Context) bool {
				return client.Get().AbsPath("/apis/"+path).Param("limit", "1").MaxRetries(0).Do(ctx).Error() == nil
			})
		}()
	}
	var all []error
	for range paths {
		all = append(all, <-failures)
	}
	return errors.Join(all...)
}
