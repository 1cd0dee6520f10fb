// Package policy holds the rules of this repository that a test can check.
package policy

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/likeness-go/likeness/"

// imports says what each folder of the core module, with all below it, may
// import beside the standard library. The most exact folder counts. Names of
// this module stand for themselves and what is below them, as do all others.
const imports = `
	internal:    internal
	fingerprint: internal/align
	media:       fingerprint internal media github.com/gabriel-vasile/mimetype
	media/sound: fingerprint internal media github.com/jfreymuth github.com/mewkiz/flac github.com/pion/opus github.com/go-audio
	media/still: fingerprint internal media golang.org/x/image
	media/pdf:   fingerprint internal media github.com/klippa-app/go-pdfium github.com/tetratelabs/wazero
	media/text:  fingerprint internal media github.com/wlynxg/chardet golang.org/x/net/html golang.org/x/text
	audio:       fingerprint internal media github.com/mjibson/go-dsp
	picture:     fingerprint internal media github.com/corona10/goimagehash github.com/nfnt/resize golang.org/x/image
	video:       fingerprint internal media picture audio github.com/corona10/goimagehash
	document:    fingerprint internal media picture golang.org/x/text
	index:       fingerprint internal github.com/dgraph-io golang.org/x/sys
	screening:   fingerprint internal index github.com/dgraph-io
	all:         fingerprint media audio picture video document
`

// Only this folder may start a process, and only the tests of decoders may
// listen, on this machine, to show that nobody calls.
const (
	processes = "media/ffmpeg"
	listens   = "media/mediatest"
)

// rule returns the folders and modules that a folder may import.
func rule(folder string) (allowed []string, ok bool) {
	longest := -1
	for line := range strings.Lines(imports) {
		of, list, found := strings.Cut(strings.TrimSpace(line), ":")
		if found && within(folder, of) && len(of) > longest {
			longest, allowed, ok = len(of), strings.Fields(list), true
		}
	}
	return allowed, ok
}

func within(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// forbidden says why a folder may not import a package, "" if it may.
func forbidden(folder, path string) string {
	allowed, ok := rule(folder)
	short := strings.TrimPrefix(path, module)
	switch {
	case !ok:
		return "the folder has no rule"
	case path == "net" || strings.HasPrefix(path, "net/") && path != "net/url":
		if folder == listens && path == "net" {
			return ""
		}
		return "nothing here reaches the network"
	case path == "os/exec" && !within(folder, processes):
		return "only " + processes + " starts processes"
	case standard(path) || slices.ContainsFunc(allowed, func(root string) bool { return within(short, root) }):
		return ""
	}
	return "allowed are " + strings.Join(allowed, ", ")
}

func TestImports(t *testing.T) {
	cmd := exec.Command("go", "list", "-e", "-f", `{{.ImportPath}} {{join .Imports " "}}`, module+"...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		folder := strings.TrimPrefix(fields[0], module)
		for _, path := range fields[1:] {
			if why := forbidden(folder, path); why != "" {
				t.Errorf("%s imports %s: %s", folder, path, why)
			}
		}
		seen++
	}
	if seen < 5 {
		t.Errorf("only %d packages were checked", seen)
	}
}

func TestRules(t *testing.T) {
	for _, tt := range []struct {
		folder, path string
		may          bool
	}{
		{"fingerprint", "crypto/sha256", true}, {"fingerprint", module + "internal/align", true},
		{"fingerprint", "golang.org/x/text/cases", false}, {"fingerprint", module + "media", false},
		{"internal/align", module + "fingerprint", false}, {"audio", "github.com/dgraph-io/badger/v4", false},
		{"index", module + "audio", false}, {"index", "github.com/dgraph-io/badger/v4", true}, {"media/text", "net/http", false},
		{"media/mediatest", "net", true}, {"media/mediatest", "net/http", false}, {"media/ffmpeg", "net", false},
		{"media/ffmpeg", "os/exec", true}, {"media/sound", "os/exec", false}, {"document", "github.com/mjibson/go-dsp/fft", false},
		{"newcomer", "fmt", false},
	} {
		if why := forbidden(tt.folder, tt.path); (why == "") != tt.may {
			t.Errorf("%s imports %s: allowed %t (%s), want %t", tt.folder, tt.path, why == "", why, tt.may)
		}
	}
}
