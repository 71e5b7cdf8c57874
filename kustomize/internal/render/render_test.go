package render

import (
	"strings"
	"testing"

	"mesh-drift/kustomize/internal/tree"
)

// memory is a commit whose entries are contents; a link begins with "->".
type memory map[string]string

func (m memory) Kind(_ int, p string) tree.Kind {
	content, found := m[p]
	switch {
	case found && strings.HasPrefix(content, "->"):
		return tree.Symlink
	case found:
		return tree.File
	case p == "":
		return tree.Folder
	}
	for name := range m {
		if strings.HasPrefix(name, p+"/") {
			return tree.Folder
		}
	}
	return tree.Absent
}

func (m memory) Read(_ int, p string, _ bool) ([]byte, bool) { return []byte(m[p]), true }

func (m memory) Open(tree.RemoteBase) (int, bool) { return 0, false }

const object = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"

func TestOverlayRendersWhatItReaches(t *testing.T) {
	answer := Overlay(memory{
		"base/kustomization.yaml": "resources: [a.yaml]\n",
		"base/a.yaml":             object,
		"over/kustomization.yaml": "namespace: shop\nresources: [../base]\n",
		"unused":                  "->nowhere",
	}, "over")
	if answer.Failure != nil || answer.Spent {
		t.Fatalf("%+v", answer.Failure)
	}
	want := `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"shop"}}`
	if got := string(answer.Resources[0]); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestOverlayLeavesOutWhatASecretHolds(t *testing.T) {
	answer := Overlay(memory{
		"kustomization.yaml": "secretGenerator: [{name: s, literals: [a=hunter2]}]\n",
	}, "")
	if len(answer.Resources) != 1 || strings.Contains(string(answer.Resources[0]), `"data":`) {
		t.Errorf("got %s", answer.Resources)
	}
}

func TestOverlayIsSpentAfterASchemaOfItsOwn(t *testing.T) {
	answer := Overlay(memory{
		"kustomization.yaml": "openapi: {version: nothing}\nresources: [a.yaml]\n",
		"a.yaml":             object,
	}, "")
	if !answer.Spent {
		t.Errorf("%+v", answer)
	}
}

func TestOverlayRefusesALinkThatItReachesNamingTheField(t *testing.T) {
	answer := Overlay(memory{
		"kustomization.yaml": "resources: [a.yaml]\n",
		"a.yaml":             "->b.yaml",
	}, "")
	want := `kustomization.yaml, resources[0]: "a.yaml" is, or is below, a symbolic link`
	if answer.Failure == nil || answer.Failure.Code != codeRefused || answer.Failure.Reason != want {
		t.Errorf("%+v", answer.Failure)
	}
}

func TestOverlayDoesNotPanicOnAnyHost(t *testing.T) {
	if answer := Overlay(nil, ""); answer.Failure == nil || strings.Contains(answer.Failure.Reason, "goroutine") {
		t.Errorf("%+v", answer)
	}
}
