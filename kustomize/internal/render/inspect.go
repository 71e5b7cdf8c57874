package render

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/kio"

	"mesh-drift/kustomize/internal/tree"
)

// How Kustomize reads what an entry names.
const (
	loaded      = iota // a file, which is parsed
	copied             // a file, which becomes a value as it is
	accumulated        // a file, or a folder with a kustomization
	rooted             // a folder with a kustomization
	plugged            // accumulated or written in place, then run as a generator, transformer or validator
)

// entry is one path in a kustomization.
type entry struct {
	field string
	value string
	use   int
}

// inspector checks each kustomization and plugin configuration when it is
// read: exactly those files are checked that the render reaches.
type inspector struct {
	tree *tree.FS
	// Files and folders that are run as plugins, by path from the root of the repository.
	plugins map[string]bool
	// Whether something was read that leaks into later renders.
	spent bool
}

const lfsPrefix = "version https://git-lfs.github.com/spec/"

// read sees the content of each file on its way to Kustomize.
func (i *inspector) read(p string, content []byte) {
	if bytes.HasPrefix(content, []byte(lfsPrefix)) {
		i.tree.Refuse(fmt.Sprintf("%s%q is a Git LFS pointer, not the file itself", i.tree.NamedBy(tree.Absolute(p)), p),
			"Store the file in Git itself.")
		return
	}
	if i.plugins[p] {
		i.checkPlugins(p, "", content)
	}
	if slices.Contains(konfig.RecognizedKustomizationFileNames(), path.Base(p)) {
		i.kustomization(p, content)
	}
}

// kustomization checks one kustomization.
func (i *inspector) kustomization(p string, content []byte) {
	var k types.Kustomization
	if k.Unmarshal(content) != nil {
		return // Kustomize says it better
	}
	folder := path.Dir(p)
	if folder == "." {
		folder = ""
	}
	if len(k.OpenAPI) > 0 {
		i.spent = true // kyaml keeps the schema for the life of the process
	}
	i.checkHelm(p, &k)
	for _, e := range entries(&k) {
		i.checkEntry(p, folder, e)
	}
}

func (i *inspector) checkHelm(p string, k *types.Kustomization) {
	field := ""
	switch {
	case len(k.HelmCharts) > 0:
		field = "helmCharts"
	case k.HelmGlobals != nil:
		field = "helmGlobals"
	case len(k.HelmChartInflationGenerator) > 0:
		field = "helmChartInflationGenerator"
	default:
		return
	}
	i.tree.Refuse(fmt.Sprintf("%s, %s: Helm charts are not rendered", p, field), helmHint)
}

const helmHint = "Commit the rendered chart and list it under resources, or use a folder of rendered manifests as the target."

func (i *inspector) checkEntry(p, folder string, e entry) {
	if e.use == plugged && i.inline(p, e) {
		return
	}
	abs := path.Join(tree.Absolute(folder), e.value)
	if path.IsAbs(e.value) {
		abs = path.Clean(e.value)
	}
	if i.isRemote(e, abs) {
		shown, _, _ := strings.Cut(withoutSecrets(e.value), "?")
		i.tree.Refuse(fmt.Sprintf("%s, %s: %q is a remote resource", p, e.field, shown),
			"Copy what it names into the repository; nothing is fetched while rendering.")
		return
	}
	i.tree.Name(abs, tree.Reference{File: p, Field: e.field, Value: e.value, Plain: e.use == copied})
	target, ok := tree.Relative(abs)
	if !ok {
		return // refused when it is reached
	}
	if e.use == plugged || e.use == accumulated && i.plugins[p] {
		i.plugins[target] = true
		for _, name := range konfig.RecognizedKustomizationFileNames() {
			i.plugins[path.Join(target, name)] = true
		}
	}
}

// inline tells whether the entry is the configuration itself; if so, it is checked.
func (i *inspector) inline(p string, e entry) bool {
	if !strings.ContainsAny(e.value, "\n{") {
		return false
	}
	i.checkPlugins(p, e.field, []byte(e.value))
	return true
}

var schemed = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*(://|::)`)

// isRemote tells whether Kustomize would fetch the entry instead of reading it.
func (i *inspector) isRemote(e entry, abs string) bool {
	if strings.Contains(e.value, "\n") {
		return false // a patch written in place
	}
	if schemed.MatchString(e.value) {
		return true
	}
	if e.use == loaded || e.use == copied {
		return false
	}
	if (&resource.Origin{}).Append(e.value).Repo == "" {
		return false // not what Kustomize takes for a Git repository
	}
	target, inside := tree.Relative(abs)
	return e.use == rooted || !inside || i.tree.Kind(target) != tree.File
}

var (
	userinfo = regexp.MustCompile(`//[^@/\s]*@`)
	query    = regexp.MustCompile(`(//[^\s"'?]*)\?[^\s"']*`)
)

// withoutSecrets takes from URLs in a text what may hold a credential.
func withoutSecrets(text string) string {
	return query.ReplaceAllString(userinfo.ReplaceAllString(text, "//"), "$1")
}

// checkPlugins refuses everything but Kustomize's own generators and transformers.
func (i *inspector) checkPlugins(p, field string, content []byte) {
	nodes, err := kio.FromBytes(content)
	if err != nil {
		return // Kustomize says it better
	}
	where := p
	if field != "" {
		where += ", " + field
	}
	for _, node := range nodes {
		kind := node.GetKind()
		switch {
		case kind == types.KustomizationKind || kind == types.ComponentKind || kind == "":
			continue
		case node.GetAnnotations()["config.kubernetes.io/function"] != "",
			node.GetAnnotations()["config.k8s.io/function"] != "":
			i.tree.Refuse(fmt.Sprintf("%s: %s is a function (annotation config.kubernetes.io/function); functions are not run", where, kind), pluginHint)
		case kind == "HelmChartInflationGenerator":
			i.tree.Refuse(fmt.Sprintf("%s: HelmChartInflationGenerator: Helm charts are not rendered", where), helmHint)
		case node.GetApiVersion() != konfig.BuiltinPluginApiVersion:
			i.tree.Refuse(fmt.Sprintf("%s: %s (apiVersion %s) is an external plugin; plugins are not run", where, kind, node.GetApiVersion()), pluginHint)
		}
	}
}

const pluginHint = "Use what is built into Kustomize, or a folder of rendered manifests as the target."
