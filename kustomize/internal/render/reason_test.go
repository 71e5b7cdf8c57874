package render

import (
	"testing"

	"mesh-drift/kustomize/internal/tree"
)

func TestReadableIsTheInnermostCauseWithItsFolder(t *testing.T) {
	for message, want := range map[string]string{
		"unable to parse SM or JSON patch from [patch: \"password: hunter2\"]": "a patch is neither a strategic merge patch nor a JSON patch",
		"no matches for Id": "no matches for Id",
		"accumulating resources: accumulation err='accumulating resources from '../base': '/:repository:/base' must resolve to a file': recursed accumulation of path '/:repository:/base': boom":  "base: boom",
		"accumulating resources: accumulation err='accumulating resources from 'a.yaml': boom': must build at directory: '/:repository:/o/a.yaml': file is not directory":                          "boom",
		"accumulating components: accumulateDirectory: \"recursed accumulation of path '/:repository:/c': no \\\"x\\\"\"":                                                                          `c: no "x"`,
		"trouble configuring builtin PatchTransformer with config: `\npath: p.yaml\n`: boom":                                                                                                       "trouble configuring builtin PatchTransformer: boom",
		"merging from generator &{0x1 <nil>}: id resid.ResId{Gvk:resid.Gvk{Group:\"\", Version:\"v1\", Kind:\"ConfigMap\"}, Name:\"c\", Namespace:\"\"} exists":                                    "id ConfigMap c exists",
		"trouble configuring builtin SecretGenerator with config: `\nliterals:\n- 's3cr3t `: x'\n`: loading KV pairs: literal sources [s3cr3t]: invalid literal source s3cr3t, expected key=value": "trouble configuring builtin SecretGenerator: loading KV pairs: invalid literal source, expected key=value",
		"Get \"https://user:to@ken@git.example.com/x\": refused":        `Get "https://git.example.com/x": refused`,
		"o/git:token@git.example.com:acme/base does not exist":          "o/***@git.example.com:acme/base does not exist",
		"cycle detected: URI 'git@git.example.com:token@acme/base'":     "cycle detected: URI '***@acme/base'",
		"cycle detected: URI 'git@git.example.com:acme/base'":           "cycle detected: URI 'git@git.example.com:acme/base'",
		"Get \"https://user:token@git.example.com/x?token=1\": refused": `Get "https://git.example.com/x": refused`,
	} {
		if got := readable(tree.New(nil), message); got != want {
			t.Errorf("readable(%q)\n got %q\nwant %q", message, got, want)
		}
	}
}

func TestReadableIsOfBoundedLength(t *testing.T) {
	long := make([]byte, 10*maxReason)
	for i := range long {
		long[i] = 'x'
	}
	if got := readable(tree.New(nil), string(long)); len(got) > maxReason+8 {
		t.Errorf("got %d bytes", len(got))
	}
}
