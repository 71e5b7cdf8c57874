package render

import (
	"fmt"
	"strings"

	"sigs.k8s.io/kustomize/api/types"
)

// entries lists everything in a kustomization that names a file or folder.
func entries(k *types.Kustomization) []entry {
	var all []entry
	list := func(field string, values []string, use int) {
		for n, value := range values {
			all = append(all, entry{fmt.Sprintf("%s[%d]", field, n), value, use})
		}
	}
	list("resources", k.Resources, accumulated)
	list("bases", k.Bases, accumulated)
	list("components", k.Components, rooted)
	list("generators", k.Generators, plugged)
	list("transformers", k.Transformers, plugged)
	list("validators", k.Validators, plugged)
	list("crds", k.Crds, loaded)
	list("configurations", k.Configurations, loaded)
	for n, patch := range k.PatchesStrategicMerge {
		all = append(all, entry{fmt.Sprintf("patchesStrategicMerge[%d]", n), string(patch), loaded})
	}
	all = append(all, patchEntries("patches", k.Patches)...)
	all = append(all, patchEntries("patchesJson6902", k.PatchesJson6902)...)
	for n, replacement := range k.Replacements {
		if replacement.Path != "" {
			all = append(all, entry{fmt.Sprintf("replacements[%d].path", n), replacement.Path, loaded})
		}
	}
	if p := k.OpenAPI["path"]; p != "" {
		all = append(all, entry{"openapi.path", p, loaded})
	}
	for n, args := range k.ConfigMapGenerator {
		all = append(all, sourceEntries(fmt.Sprintf("configMapGenerator[%d]", n), args.KvPairSources)...)
	}
	for n, args := range k.SecretGenerator {
		all = append(all, sourceEntries(fmt.Sprintf("secretGenerator[%d]", n), args.KvPairSources)...)
	}
	return all
}

func patchEntries(field string, patches []types.Patch) []entry {
	var all []entry
	for n, patch := range patches {
		if patch.Path != "" {
			all = append(all, entry{fmt.Sprintf("%s[%d].path", field, n), patch.Path, loaded})
		}
	}
	return all
}

// sourceEntries are the files of one generated ConfigMap or Secret; a file may be written `key=path`.
func sourceEntries(field string, sources types.KvPairSources) []entry {
	var all []entry
	add := func(field, value string) { all = append(all, entry{field, value, copied}) }
	for n, file := range sources.FileSources {
		if _, after, found := strings.Cut(file, "="); found {
			file = after
		}
		add(fmt.Sprintf("%s.files[%d]", field, n), file)
	}
	for n, file := range sources.EnvSources {
		add(fmt.Sprintf("%s.envs[%d]", field, n), file)
	}
	if sources.EnvSource != "" {
		add(field+".env", sources.EnvSource)
	}
	return all
}
