//go:build wasip1

// Command kustomize is the renderer as a WASI reactor: it answers calls of its
// host and has no main loop. It is built with -buildmode=c-shared.
//
// The host gives: drift.kind and drift.read (questions about a commit),
// drift.take (the bytes of the last read), drift.base (another commit).
package main

import (
	"encoding/json"
	"runtime"
	"runtime/debug"
	"unsafe"

	"mesh-drift/kustomize/internal/render"
	"mesh-drift/kustomize/internal/tree"
)

//go:wasmimport drift kind
func hostKind(path unsafe.Pointer, length, number uint32) int32

//go:wasmimport drift read
func hostRead(path unsafe.Pointer, length, plain, number uint32) int32

//go:wasmimport drift take
func hostTake(into unsafe.Pointer)

//go:wasmimport drift base
func hostBase(base unsafe.Pointer, length uint32) int32

// commits asks the host.
type commits struct{}

func (commits) Kind(number int, path string) tree.Kind {
	return tree.Kind(hostKind(unsafe.Pointer(unsafe.StringData(path)), uint32(len(path)), uint32(number)))
}

func (commits) Read(number int, path string, plain bool) ([]byte, bool) {
	isPlain := uint32(0)
	if plain {
		isPlain = 1
	}
	size := hostRead(unsafe.Pointer(unsafe.StringData(path)), uint32(len(path)), isPlain, uint32(number))
	if size < 0 {
		return nil, false
	}
	content := make([]byte, size+1) // never empty: it has an address
	hostTake(unsafe.Pointer(&content[0]))
	return content[:size], true
}

func (commits) Open(base tree.RemoteBase) (int, bool) {
	asked, err := json.Marshal(base)
	if err != nil {
		return 0, false
	}
	number := hostBase(unsafe.Pointer(&asked[0]), uint32(len(asked)))
	return int(number), number > 0
}

// A render of a usual overlay needs little, so the collector may rest longer,
// until memory nears what the module may have. Memory that is there from the
// start need not grow in the middle of a render, which is dear in JavaScript.
const (
	gcPercent   = 600
	memoryLimit = 320 << 20
	startMemory = 256 << 20
)

// The buffers that the host writes to and reads from stay alive here.
var in, out []byte

// alloc gives a buffer of n bytes, for the render that follows.
//
//go:wasmexport alloc
func alloc(n uint32) uint32 {
	in = make([]byte, n+1)
	return uint32(uintptr(unsafe.Pointer(&in[0])))
}

// renderOverlay renders the overlay whose folder stands in the first n bytes
// of the buffer. The answer is JSON: its address in the upper, its length in
// the lower half.
//
//go:wasmexport render
func renderOverlay(n uint32) uint64 {
	overlay := string(in[:n])
	in, out = nil, nil
	out = encode(render.Overlay(commits{}, overlay))
	return uint64(uintptr(unsafe.Pointer(&out[0])))<<32 | uint64(len(out))
}

func encode(answer render.Answer) []byte {
	encoded, err := json.Marshal(answer)
	if err != nil {
		return []byte(`{"failure":{"code":"RENDER_FAILED","reason":"the answer cannot be written as JSON","hint":""},"spent":true}`)
	}
	return encoded
}

// warm fills every table that is filled on first use, the schema above all. It
// runs once, when the module is built: what it leaves in memory becomes part
// of the module.
//
//go:wasmexport warm
func warm() {
	in = make([]byte, startMemory)
	in = nil
	runtime.GC()
	if answer := render.Overlay(warmTree{}, "overlay"); answer.Failure != nil {
		panic(answer.Failure.Reason)
	}
	in, out = nil, nil
	runtime.GC()
	runtime.GC()
	debug.SetGCPercent(gcPercent)
	debug.SetMemoryLimit(memoryLimit)
}

func main() {} // never called in a reactor
