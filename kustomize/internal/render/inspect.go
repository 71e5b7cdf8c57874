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
	// Files and folders that are run as plugins, by absolute path, and remote
	// bases, by how they are written.
	plugins map[string]bool
	// Whether something was read that leaks into later renders.
	spent bool
}

const lfsPrefix = "version https://git-lfs.github.com/spec/"

// read sees the content of each file on its way to Kustomize.
func (i *inspector) read(abs string, content []byte) {
	if bytes.HasPrefix(content, []byte(lfsPrefix)) {
		i.tree.Refuse(fmt.Sprintf("%s%q is a Git LFS pointer, not the file itself", i.tree.NamedBy(abs), i.tree.Show(abs)),
			"Store the file in Git itself.")
		return
	}
	if i.plugins[abs] {
		i.checkPlugins(i.tree.Show(abs), "", content)
	}
	if slices.Contains(konfig.RecognizedKustomizationFileNames(), path.Base(abs)) {
		i.kustomization(abs, content)
	}
}

// mount sees each remote base before anything of it is read.
func (i *inspector) mount(raw, abs string) {
	fetched = "" // Kustomize tries a URL as a file first
	if i.plugins[raw] {
		i.runs(abs)
	}
}

// runs remembers that a file or folder is run as a plugin.
func (i *inspector) runs(abs string) {
	i.plugins[abs] = true
	for _, name := range konfig.RecognizedKustomizationFileNames() {
		i.plugins[path.Join(abs, name)] = true
	}
}

// kustomization checks one kustomization.
func (i *inspector) kustomization(abs string, content []byte) {
	var k types.Kustomization
	if k.Unmarshal(content) != nil {
		return // Kustomize says it better
	}
	if len(k.OpenAPI) > 0 {
		i.spent = true // kyaml keeps the schema for the life of the process
	}
	i.checkHelm(i.tree.Show(abs), &k)
	for _, e := range entries(&k) {
		i.checkEntry(abs, e)
	}
}

func (i *inspector) checkHelm(file string, k *types.Kustomization) {
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
	i.tree.Refuse(fmt.Sprintf("%s, %s: Helm charts are not rendered", file, field), helmHint)
}

const helmHint = "Commit the rendered chart and list it under resources, or use a folder of rendered manifests as the target."

// checkEntry checks an entry of the kustomization at an absolute path.
func (i *inspector) checkEntry(from string, e entry) {
	file := i.tree.Show(from)
	if e.use == plugged && i.inline(file, e) {
		return
	}
	abs := path.Join(path.Dir(from), e.value)
	if path.IsAbs(e.value) {
		abs = path.Clean(e.value)
	}
	by := tree.Reference{File: file, Field: e.field, Value: e.value, Plain: e.use == copied}
	isPlugin := e.use == plugged || e.use == accumulated && i.plugins[from]
	switch i.kindOf(e, abs) {
	case remoteFile:
		shown, _, _ := strings.Cut(withoutSecrets(login.ReplaceAllString(e.value, "$1")), "?")
		i.tree.Refuse(fmt.Sprintf("%s, %s: %q is a remote resource", file, e.field, shown), remoteHint)
	case remoteBase:
		i.tree.NameBase(by)
		i.plugins[e.value] = i.plugins[e.value] || isPlugin
	case local:
		i.tree.Name(abs, by)
		if !i.tree.SameRepository(from, abs) {
			i.leaves(from, abs, e)
		} else if isPlugin {
			i.runs(abs)
		}
	}
}

const remoteHint = "Copy what it names into the repository; nothing is fetched while rendering."

// leaves refuses an entry of one repository that comes out in another one.
// What comes out in none is refused when it is reached.
func (i *inspector) leaves(from, abs string, e entry) {
	if i.tree.SameRepository(abs, abs) {
		i.tree.RefuseLeaving(abs, fmt.Sprintf("%q", e.value))
	}
}

// inline tells whether the entry is the configuration itself; if so, it is checked.
func (i *inspector) inline(file string, e entry) bool {
	if !strings.ContainsAny(e.value, "\n{") {
		return false
	}
	i.checkPlugins(file, e.field, []byte(e.value))
	return true
}

// What an entry names.
const (
	local      = iota
	remoteFile // something that Kustomize would fetch and that is no Git repository
	remoteBase // a folder of a Git repository
)

var (
	schemed = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*(://|::)`)
	// A URL for which Kustomize asks the web server for a file first, and names one.
	fileURL = regexp.MustCompile(`(?i)^https?://[^?]*\.(ya?ml|json)(\?|$)`)
)

// kindOf tells what Kustomize would take the entry for.
func (i *inspector) kindOf(e entry, abs string) int {
	if strings.Contains(e.value, "\n") {
		return local // a patch written in place
	}
	isSchemed := schemed.MatchString(e.value)
	switch {
	case isSchemed && (e.use == loaded || e.use == copied || fileURL.MatchString(e.value)):
		return remoteFile
	case e.use == loaded || e.use == copied:
		return local
	case (&resource.Origin{}).Append(e.value).Repo != "": // what Kustomize takes for a Git repository
		if isSchemed || e.use == rooted || !i.tree.IsFile(abs) {
			return remoteBase
		}
	case isSchemed:
		return remoteFile
	}
	return local
}

var (
	// Of one URL alone; a password may hold what ends it in a text.
	login    = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*://)[^/?]*:[^?]*@`)
	userinfo = regexp.MustCompile(`//[^/\s]*@`)
	query    = regexp.MustCompile(`(//[^\s"'?]*)\?[^\s"']*`)
	// What a URL that lacks its scheme or slashes has as user and password.
	password = regexp.MustCompile(`(?i)(^|[/\s"'])[^/\s"']*(?::|%3a)[^/\s"']*@`)
)

// withoutSecrets takes from URLs in a text what may hold a credential.
func withoutSecrets(text string) string {
	text = query.ReplaceAllString(userinfo.ReplaceAllString(text, "//"), "$1")
	return password.ReplaceAllString(text, "$1***@")
}

// checkPlugins refuses everything but Kustomize's own generators and transformers.
func (i *inspector) checkPlugins(file, field string, content []byte) {
	nodes, err := kio.FromBytes(content)
	if err != nil {
		return // Kustomize says it better
	}
	where := file
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
