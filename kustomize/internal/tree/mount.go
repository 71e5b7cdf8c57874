package tree

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// RemoteBase is a remote base as Kustomize reads what a kustomization names.
type RemoteBase struct {
	// Written is the entry without user info, and of its query only the ref.
	Written string `json:"written"`
	// Repository is what to clone. A user name is kept for SSH only, a password never.
	Repository string `json:"repository"`
	// Ref is "" for the default branch.
	Ref string `json:"ref"`
	// Folder is relative to the root of the repository, "" for the root.
	Folder string `json:"folder"`
	// NamedBy is the file and field, as a prefix for a message.
	NamedBy string `json:"namedBy"`
	// Label is how people read the root of the base (Show).
	Label string `json:"label"`
}

// mount is a repository as Kustomize sees it. Each time that Kustomize would
// clone there is a new one, as there would be a new temporary folder: whether
// bases form a circle shows in their folders.
type mount struct {
	number int
	label  string
}

// place is a path inside a mount.
type place struct {
	mount mount
	root  string
	path  string
	abs   string
}

// OnMount sets what is told of each remote base before anything of it is read:
// the entry that names it, and the absolute path of its folder.
func (t *FS) OnMount(told func(raw, abs string)) { t.onMount = told }

// NameBase remembers which field of which kustomization names a remote base:
// the one that was read last is the one that is followed next.
func (t *FS) NameBase(by Reference) { t.named[by.Value] = by }

// BaseNamedBy is the field that names a remote base, as a prefix for a message.
func (t *FS) BaseNamedBy(raw string) string {
	if by, known := t.named[raw]; known {
		return by.prefix()
	}
	return ""
}

// locate finds the repository that holds an absolute path; false outside all of them.
func (t *FS) locate(abs string) (place, bool) {
	clean := path.Clean("/" + abs)
	name, below, _ := strings.Cut(clean[1:], "/")
	found, ok := t.mounts["/"+name]
	return place{found, "/" + name, below, clean}, ok
}

// SameRepository tells whether two absolute paths are inside one mount.
func (t *FS) SameRepository(a, b string) bool {
	left, inside := t.locate(a)
	right, insideToo := t.locate(b)
	return inside && insideToo && left.root == right.root
}

// Show gives an absolute path as people read it: from the root of the
// repository, or with the remote base before it
// ("https://git.example.com/acme/base@v1:folder/file").
func (t *FS) Show(abs string) string {
	at, ok := t.locate(abs)
	if !ok {
		return abs
	}
	return at.mount.label + at.path
}

// A mount in a text, and what follows it.
var mounted = regexp.MustCompile(`/:(?:repository|base-\d+):/?`)

// ShowAll gives a text with every absolute path in it as people read it.
func (t *FS) ShowAll(text string) string {
	return mounted.ReplaceAllStringFunc(text, func(found string) string {
		root := strings.TrimSuffix(found, "/")
		known, ok := t.mounts[root]
		switch {
		case !ok:
			return found
		case root != Mount:
			return known.label
		case root == found:
			return "."
		}
		return ""
	})
}

// MountRepository is called where Kustomize would clone
// (patches/api/remote-bases.patch), with the entry and with what it makes of it.
// It gives the folder in which the repository stands.
func (t *FS) MountRepository(raw, repository, ref, folder string) (filesys.ConfirmedDir, error) {
	base := RemoteBase{
		Repository: withoutUser(repository), Ref: ref, Folder: strings.TrimPrefix(path.Clean("/"+folder), "/"),
		NamedBy: t.BaseNamedBy(raw),
	}
	if base.Ref == "HEAD" {
		base.Ref = ""
	}
	base.Written = written(raw, base.Ref)
	base.Label = label(base)
	if fault := faultOf(raw, base); fault != "" {
		address, _, _ := strings.Cut(raw, "?")
		shown := written(anyLogin.ReplaceAllString(address, "$1"), base.Ref)
		shown = shown[:min(len(shown), maxShownLength)]
		t.Refuse(fmt.Sprintf("%s%q %s", base.NamedBy, shown, fault),
			"Name a Git repository and a branch, a tag or a full commit id: https://host/organisation/repository//folder?ref=v1.0")
		return "", errRefused
	}
	number, ok := t.host.Open(base)
	if !ok {
		t.Refuse("", "")
		return "", errRefused
	}
	root := fmt.Sprintf("/:base-%d:", len(t.mounts))
	t.mounts[root] = mount{number, base.Label}
	abs := path.Join(root, base.Folder)
	if by, known := t.named[raw]; known {
		t.Name(abs, by)
	}
	t.onMount(raw, abs)
	return filesys.ConfirmedDir(root), nil
}

var (
	httpUser = regexp.MustCompile(`(?i)^(https?://)[^/]*@`)
	anyUser  = regexp.MustCompile(`^((?:[A-Za-z]+::)?(?:[A-Za-z]+://)?)[^/]*@`)
	// In an address that is wrong somewhere a password may go beyond its place.
	anyLogin = regexp.MustCompile(`^((?:[A-Za-z]+::)?(?:[A-Za-z]+://)?).*@`)
	scheme   = regexp.MustCompile(`^[a-z]+://`)
)

// withoutUser takes the user info from an HTTP URL, which may be a credential.
func withoutUser(repository string) string { return httpUser.ReplaceAllString(repository, "$1") }

func written(raw, ref string) string {
	shown, _, _ := strings.Cut(raw, "?")
	if strings.Contains(shown, "://") {
		shown = anyUser.ReplaceAllString(shown, "$1")
	}
	if ref == "" {
		return shown
	}
	return shown + "?ref=" + ref
}

// label is "https://git.example.com/acme/base@v1:". It always holds "://", as
// no path inside a repository can, and never a user.
func label(base RemoteBase) string {
	repository := anyUser.ReplaceAllString(base.Repository, "$1")
	if !scheme.MatchString(repository) {
		host, rest, _ := strings.Cut(repository, ":")
		repository = "ssh://" + host + "/" + strings.TrimPrefix(rest, "/")
	}
	ref := base.Ref
	if ref == "" {
		ref = "HEAD"
	}
	return repository + "@" + ref + ":"
}

var (
	// What Git's check-ref-format refuses in the name of a branch or a tag, and
	// what git fetch would take for an option, a refspec or an exclusion.
	badRef = regexp.MustCompile(`^[-+/.]|[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(/|$)|[/.]$|^@$`)
	// A host that is an option, and addresses that two programs could read in
	// two ways: one of them decides what is allowed, the other fetches.
	badRepository = regexp.MustCompile(`(?i)(?:^|://|@|^[^/]*:)-|[\x00-\x20\x7f\\#]|(?:^|[/:])\.\.?(?:/|$)|%2[ef]|[^:/]//`)
	// "user:password@" anywhere between two slashes, also with an encoded colon
	// and after "host:".
	password = regexp.MustCompile(`(?i)(?:^|/)[^/]*(?::|%3a)[^/]*@`)
	// A port that is no number: what stands before "/" in "user:pass/word@host".
	badPort = regexp.MustCompile(`^[a-z]+://(?:[^/]*@)?(?:\[[^\]/]*\]|[^:/\[]*):\d*[^\d/]`)
)

const (
	maxRefLength   = 255
	maxShownLength = 300
)

// faultOf is why nobody is even asked for a base, "" where nothing is wrong with it.
func faultOf(raw string, base RemoteBase) string {
	_, query, _ := strings.Cut(raw, "?")
	if _, err := url.ParseQuery(query); err != nil {
		return "has a query that cannot be read"
	}
	if password.MatchString(base.Repository) {
		return "holds a password; the file of a token or key is named under render.remoteBases"
	}
	if badRef.MatchString(base.Ref) || len(base.Ref) > maxRefLength {
		return "names a ref that no branch, tag or commit can have"
	}
	if badRepository.MatchString(base.Repository) || badPort.MatchString(base.Repository) {
		return "is not the address of a repository"
	}
	return ""
}
