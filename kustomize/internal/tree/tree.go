// Package tree shows Kustomize one commit of a repository as a read-only file
// system. Nothing is listed or loaded in advance: each question goes to the
// host, which therefore knows everything that a render looked at.
package tree

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"

	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// Mount is where the root of the repository stands. It has a parent, so that a
// path that leaves the repository does not silently come back at its root, and
// a name that no path inside a repository would spell by chance. The remote
// bases stand beside it.
const Mount = "/:repository:"

// Kind is what stands at a path.
type Kind int32

// The host answers with these numbers.
const (
	Absent Kind = iota
	File
	Folder
	Symlink
	Submodule
)

// Host answers questions about commits. The number says about which: 0 is the
// repository that is rendered, any other what Open gave. Paths are relative to
// the root of the repository; the root itself is "".
type Host interface {
	// Kind tells what stands at path. A path below a symbolic link or
	// a submodule has the kind of that ancestor.
	Kind(number int, path string) Kind
	// Read gives the bytes of a file; false where the host refuses them (it
	// remembers why). What is not plain data will be parsed.
	Read(number int, path string, plain bool) ([]byte, bool)
	// Open fetches a remote base: its number, the same one each time; false
	// where the host refuses it (it remembers why).
	Open(base RemoteBase) (int, bool)
}

// Reader sees each file on its way to Kustomize, by its absolute path.
type Reader func(abs string, content []byte)

// FS is the file system. It implements filesys.FileSystem.
type FS struct {
	host    Host
	onRead  Reader
	onMount func(raw, abs string)
	refusal *Refusal
	named   map[string]Reference
	parsed  map[string]bool
	// By the root folder.
	mounts map[string]mount
	last   string
}

// Reference is the place in a kustomization that names a path or a remote base.
type Reference struct {
	// File as people read it (Show).
	File  string
	Field string
	// Value is the path as it is written there.
	Value string
	// Plain tells that the file becomes a value as it is and is never parsed.
	Plain bool
}

// Refusal is the first thing a render reached that is never rendered here.
type Refusal struct {
	Reason string
	Hint   string
}

var errRefused = errors.New("refused")

// New makes a file system over the host.
func New(host Host) *FS {
	return &FS{
		host: host, named: map[string]Reference{}, parsed: map[string]bool{},
		mounts: map[string]mount{Mount: {}}, onMount: func(string, string) {},
	}
}

// OnRead sets what sees each file that is read.
func (t *FS) OnRead(reader Reader) { t.onRead = reader }

// Refusal is the first one, or nil.
func (t *FS) Refusal() *Refusal { return t.refusal }

// Refuse remembers the first refusal; the render fails, however Kustomize goes on.
func (t *FS) Refuse(reason, hint string) {
	if t.refusal == nil {
		t.refusal = &Refusal{Reason: reason, Hint: hint}
	}
}

// Name remembers which field of which kustomization names an absolute path.
func (t *FS) Name(abs string, by Reference) {
	if _, known := t.named[abs]; !known {
		t.named[abs] = by
	}
	if !by.Plain {
		t.parsed[abs] = true
	}
}

// isPlain tells whether everything that names the file takes it as it is.
func (t *FS) isPlain(abs string) bool { return t.named[abs].Plain && !t.parsed[abs] }

// NamedBy is the field that names an absolute path or a folder that holds it,
// as a prefix for a message: `overlays/prod/kustomization.yaml, resources[0]: `.
func (t *FS) NamedBy(abs string) string {
	for ; abs != "/"; abs = path.Dir(abs) {
		if by, known := t.named[abs]; known {
			return by.prefix()
		}
	}
	return ""
}

func (r Reference) prefix() string { return fmt.Sprintf("%s, %s: ", r.File, r.Field) }

// LastRead is the absolute path of the file that was read last.
func (t *FS) LastRead() string { return t.last }

// IsFile tells whether a file stands at an absolute path inside a repository.
func (t *FS) IsFile(abs string) bool {
	at, ok := t.locate(abs)
	return ok && t.host.Kind(at.mount.number, at.path) == File
}

// Absolute puts the mount before a path relative to the root of the repository.
func Absolute(p string) string { return path.Join(Mount, p) }

// inside finds the place, and refuses what leaves the repositories.
func (t *FS) inside(abs string) (place, error) {
	at, ok := t.locate(abs)
	if !ok {
		what := "a path"
		if by, known := t.named[at.abs]; known {
			what = quote(by.Value)
		}
		t.RefuseLeaving(at.abs, what)
		return at, errRefused
	}
	return at, nil
}

// RefuseLeaving refuses a path that leaves its repository; `what` is how it was written.
func (t *FS) RefuseLeaving(abs, what string) {
	t.Refuse(t.NamedBy(abs)+what+" leaves the repository", "Name a path inside the repository.")
}

// look tells what stands at a path, and refuses links and submodules.
func (t *FS) look(abs string) (place, Kind, error) {
	at, err := t.inside(abs)
	if err != nil {
		return at, Absent, err
	}
	kind := t.host.Kind(at.mount.number, at.path)
	switch kind {
	case Symlink:
		t.Refuse(t.NamedBy(at.abs)+quote(t.Show(at.abs))+" is, or is below, a symbolic link",
			"Replace the link by the file or folder it points to.")
		return at, kind, errRefused
	case Submodule:
		t.Refuse(t.NamedBy(at.abs)+quote(t.Show(at.abs))+" is, or is below, a Git submodule",
			"Copy the files into the repository.")
		return at, kind, errRefused
	}
	return at, kind, nil
}

func quote(p string) string { return fmt.Sprintf("%q", p) }

func missing(abs string) error {
	return &fs.PathError{Op: "open", Path: abs, Err: fs.ErrNotExist}
}

// ReadFile gives the bytes of a file.
func (t *FS) ReadFile(abs string) ([]byte, error) {
	at, kind, err := t.look(abs)
	if err != nil {
		return nil, err
	}
	if kind == Folder {
		return nil, fmt.Errorf("%q is a folder", abs)
	}
	if kind != File {
		return nil, missing(abs)
	}
	content, ok := t.host.Read(at.mount.number, at.path, t.isPlain(at.abs))
	if !ok {
		t.Refuse("", "")
		return nil, errRefused
	}
	t.last = at.abs
	if t.onRead != nil {
		t.onRead(at.abs, content)
	}
	if t.refusal != nil {
		return nil, errRefused
	}
	return content, nil
}

// CleanedAbs splits a path into its folder and, for a file, its name.
func (t *FS) CleanedAbs(abs string) (filesys.ConfirmedDir, string, error) {
	at, kind, err := t.look(abs)
	if err != nil {
		return "", "", err
	}
	switch kind {
	case Folder:
		return filesys.ConfirmedDir(at.abs), "", nil
	case File:
		return filesys.ConfirmedDir(path.Dir(at.abs)), path.Base(at.abs), nil
	}
	return "", "", missing(at.abs)
}

// Exists tells whether a file or folder stands there.
func (t *FS) Exists(abs string) bool {
	_, kind, err := t.look(abs)
	return err == nil && kind != Absent
}

// IsDir tells whether a folder stands there.
func (t *FS) IsDir(abs string) bool {
	_, kind, err := t.look(abs)
	return err == nil && kind == Folder
}

// What follows Kustomize's build never calls: it lists no folder and writes
// nothing. Should a later version do so, the render fails instead of missing
// something that its cached answer depends on.

func (t *FS) unsupported(what string) error {
	t.Refuse("Kustomize asked the file system for "+what+", which is not supported",
		"Report this as a defect.")
	return errRefused
}

// Open is not supported.
func (t *FS) Open(string) (filesys.File, error) { return nil, t.unsupported("an open file") }

// ReadDir is not supported.
func (t *FS) ReadDir(string) ([]string, error) { return nil, t.unsupported("a listing") }

// Glob is not supported.
func (t *FS) Glob(string) ([]string, error) { return nil, t.unsupported("a search") }

// Walk is not supported.
func (t *FS) Walk(string, filepath.WalkFunc) error { return t.unsupported("a walk") }

// Create is not supported.
func (t *FS) Create(string) (filesys.File, error) { return nil, t.unsupported("a new file") }

// Mkdir is not supported.
func (t *FS) Mkdir(string) error { return t.unsupported("a new folder") }

// MkdirAll is not supported.
func (t *FS) MkdirAll(string) error { return t.unsupported("new folders") }

// RemoveAll is not supported.
func (t *FS) RemoveAll(string) error { return t.unsupported("a removal") }

// WriteFile is not supported.
func (t *FS) WriteFile(string, []byte) error { return t.unsupported("a write") }
