package render

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"mesh-drift/kustomize/internal/tree"
)

const maxReason = 600

// Kustomize says this of a remote base that it would fetch again.
const circle = "cycle detected: URI "

// wrappers are what Kustomize puts around a cause on its way up. They say
// nothing that the cause does not say, but for the folder, which is kept.
var wrappers = regexp.MustCompile(`^(?:` + strings.Join([]string{
	`accumulating (?:resources|components): `,
	`accumulateDirectory: `,
	`loader\.New `,
	`loading generator plugins: `,
	`(?:recursed (?:accumulation of|merging from)|couldn't make target for) path '(?P<folder>[^']*)': `,
}, "|") + `)`)

// Kustomize tries each resource as a file, then as a folder, and tells both
// results. Which one matters shows in the first.
var (
	isFolder = regexp.MustCompile(`(?s)^accumulation err='accumulating resources from '[^']*': '[^']*' must resolve to a file': (.*)$`)
	isFile   = regexp.MustCompile(`(?s)^accumulation err='(.*)': (?:must build at directory: |new root |path ").*$`)
)

// What Kustomize says of a remote base after it was no file.
var isBase = regexp.MustCompile(`(?s)^accumulation err='accumulating resources from '([^']*)': ` +
	`(?:Get .*?: ` + noFetch + `|open .*?: file does not exist)': (.*)$`)

// rewrites make what is left readable, in order.
var rewrites = []struct {
	pattern *regexp.Regexp
	by      string
}{
	// What a generator or a patch holds may be a secret.
	{regexp.MustCompile("(?s) with config: `\n.*`: "), ": "},
	{regexp.MustCompile(`(?s)literal sources \[.*invalid literal source .*, expected`), "invalid literal source, expected"},
	{regexp.MustCompile(`(?s)line \[.*has invalid utf8 bytes.*`), "a line is not UTF-8"},
	{regexp.MustCompile(`^merging from generator &\{[^}]*\}: `), ""},
	{regexp.MustCompile(`resid\.ResId\{Gvk:resid\.Gvk\{[^}]*Kind:"([^"]*)"[^}]*\}, Name:"([^"]*)"[^}]*\}`), "$1 $2"},
	{regexp.MustCompile(`(?s)unable to parse SM or JSON patch from \[.*`), "a patch is neither a strategic merge patch nor a JSON patch"},
	{regexp.MustCompile(` in \[\d+(?: \d+)+\]`), ""},
	{regexp.MustCompile(`MalformedYAMLError: yaml: (.*) in File: .*$`), "$1"},
	{regexp.MustCompile(`missing (\S+) in object \{.*$`), "an object has no $1"},
	{regexp.MustCompile(`missing Resource metadata$`), "it does not hold an object with metadata"},
	{regexp.MustCompile(`json: unsupported type: map\[interface \{\}\]interface \{\}`), "a mapping has a key that is not text; quote it"},
	{regexp.MustCompile(`open ([^\n]*?): file does not exist`), "$1 does not exist"},
}

// abouts find what a cause is about; the rest of the text before it says
// nothing more.
var (
	absent          = regexp.MustCompile(`(?:^|: )(/:.*) does not exist$`)
	noKustomization = regexp.MustCompile(`^unable to find one of .* in directory '([^']*)'$`)
	inKustomization = regexp.MustCompile(`^(?:invalid Kustomization: (?:json: |yaml: )?|kustomization\.yaml is (empty)$)`)
	outside         = regexp.MustCompile(`(?:^|: )security; file '([^']*)' is not in or below '([^']*)'$`)
	noFolder        = regexp.MustCompile(`^'([^']*)' refers to file '[^']*'; expecting directory$`)
	inCircle        = regexp.MustCompile(`^` + circle + `'([^']*)' referenced by`)
	inFile          = regexp.MustCompile(`^accumulating resources from '([^']*)': `)
)

// readable is the innermost useful cause of Kustomize's message on one line,
// with the file or folder that it is about.
func readable(files *tree.FS, message string) string {
	cause, folder := innermost(files, message)
	for _, rewrite := range rewrites {
		cause = rewrite.pattern.ReplaceAllString(cause, rewrite.by)
	}
	cause = about(files, cause)
	cause, folder = files.ShowAll(cause), files.ShowAll(folder)
	if folder != "" && !strings.Contains(cause, folder) {
		cause = folder + ": " + cause
	}
	return shorten(cause)
}

// about puts before a cause the file, or the field that names a file, that it is about.
func about(files *tree.FS, cause string) string {
	if found := absent.FindStringSubmatch(cause); found != nil {
		return files.NamedBy(found[1]) + found[1] + " does not exist"
	}
	if found := noKustomization.FindStringSubmatch(cause); found != nil {
		return files.NamedBy(found[1]) + "no kustomization.yaml in " + found[1]
	}
	if found := outside.FindStringSubmatch(cause); found != nil {
		return files.NamedBy(found[1]) + found[1] + " is not below " + found[2] + ", and Kustomize reads files only there"
	}
	if found := inKustomization.FindStringSubmatch(cause); found != nil {
		return files.Show(files.LastRead()) + ": " + found[1] + cause[len(found[0]):]
	}
	if found := noFolder.FindStringSubmatch(cause); found != nil {
		return files.NamedBy(found[1]) + found[1] + " is a file, not a folder"
	}
	if found := inCircle.FindStringSubmatch(cause); found != nil {
		return files.BaseNamedBy(found[1]) + cause
	}
	if found := inFile.FindStringSubmatch(cause); found != nil {
		cause = cause[len(found[0]):]
		if path.Base(files.LastRead()) == path.Base(found[1]) {
			return files.Show(files.LastRead()) + ": " + cause
		}
	}
	return cause
}

// innermost takes the wrappers off, and tells the last folder they named.
func innermost(files *tree.FS, message string) (cause, folder string) {
	for cause = message; ; {
		before := cause
		if found := wrappers.FindStringSubmatch(cause); found != nil {
			cause = cause[len(found[0]):]
			if found[1] != "" {
				folder = found[1]
			}
		}
		cause = unquote(cause)
		if found := isFolder.FindStringSubmatch(cause); found != nil {
			cause = found[1]
		} else if found := isBase.FindStringSubmatch(cause); found != nil && files.BaseNamedBy(found[1]) != "" {
			cause = found[2]
		} else if found := isFile.FindStringSubmatch(cause); found != nil {
			cause = found[1]
		}
		if cause == before {
			return cause, folder
		}
	}
}

// unquote undoes the %q that Kustomize puts around an inner message.
func unquote(text string) string {
	if inner, err := strconv.Unquote(text); err == nil {
		return inner
	}
	return text
}

// shorten puts a message on one line of bounded length, without credentials.
func shorten(text string) string {
	text = withoutSecrets(strings.Join(strings.Fields(text), " "))
	if runes := []rune(text); len(runes) > maxReason {
		return string(runes[:maxReason]) + " …"
	}
	return text
}
