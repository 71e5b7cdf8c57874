//go:build wasip1

package main

import "mesh-drift/kustomize/internal/tree"

// warmTree is a small commit that uses what most overlays use.
type warmTree struct{}

func (warmTree) Kind(_ int, path string) tree.Kind {
	if _, isFile := warmFiles[path]; isFile {
		return tree.File
	}
	if path == "" || path == "base" || path == "overlay" {
		return tree.Folder
	}
	return tree.Absent
}

func (warmTree) Open(tree.RemoteBase) (int, bool) { return 0, false }

func (warmTree) Read(_ int, path string, _ bool) ([]byte, bool) {
	content, found := warmFiles[path]
	return []byte(content), found
}

var warmFiles = map[string]string{
	"base/kustomization.yaml": "resources: [objects.yaml]\n",
	"base/objects.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: web:1}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web}
spec: {hosts: [web], http: [{route: [{destination: {host: web}}]}]}
`,
	"overlay/kustomization.yaml": `namespace: warm
namePrefix: p-
labels: [{pairs: {env: e}, includeSelectors: true}]
images: [{name: web, newTag: "2"}]
configMapGenerator: [{name: c, literals: [a=b]}]
secretGenerator: [{name: s, literals: [a=b]}]
resources: [../base]
patches:
- target: {kind: VirtualService}
  patch: |-
    - {op: replace, path: /spec/hosts/0, value: x}
- patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec: {template: {spec: {containers: [{name: main, env: [{name: X, value: "1"}]}]}}}
`,
}
