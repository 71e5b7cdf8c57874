package render

import (
	"sigs.k8s.io/kustomize/api/resource"

	"mesh-drift/kustomize/internal/tree"
)

// Annotations that tell where an object comes from, written where a user's own
// kustomization asks for them. They describe the rendering, not the object.
var originAnnotations = []string{
	"config.kubernetes.io/origin",
	"alpha.config.kubernetes.io/transformations",
}

// Provenance is where an object comes from: paths as people read them (tree.FS.Show).
type Provenance struct {
	File      string   `json:"file"`
	ChangedBy []Change `json:"changedBy"`
}

// Change is one kustomization that changed an object, and what it used.
type Change struct {
	File string `json:"file"`
	By   string `json:"by"`
}

// provenanceOf is what patches/api/steps.patch makes Kustomize record. Built
// without the patch, as for tests of this package, nothing is known.
func provenanceOf(files *tree.FS, r *resource.Resource) Provenance {
	known := Provenance{ChangedBy: []Change{}}
	recorded, ok := any(r).(interface{ Steps() [][2]string })
	if !ok {
		return known
	}
	for n, step := range recorded.Steps() {
		file := files.Show(step[0])
		if n == 0 {
			known.File = file
		} else {
			known.ChangedBy = append(known.ChangedBy, Change{File: file, By: step[1]})
		}
	}
	return known
}

// dropOrigins removes the annotations, and the field with the last of them.
func dropOrigins(r *resource.Resource) error {
	annotations := r.GetAnnotations()
	before := len(annotations)
	for _, name := range originAnnotations {
		delete(annotations, name)
	}
	if len(annotations) == before {
		return nil
	}
	return r.SetAnnotations(annotations)
}
