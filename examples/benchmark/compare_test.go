package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// resultOf writes a result in which so many of 200 copies were found, under
// one transform, and so many of 200 strangers matched.
func resultOf(t *testing.T, found, false0 int) string {
	t.Helper()
	r := result{Version: resultVersion, Judged: []judged{{
		Matcher: "likeness", Kind: "audio",
		Levels: []level{{Name: "default", Found: wilson(found, 200), False: wilson(false0, 200)}},
		Rows:   []row{{Transform: "speed", Strength: "+4 %", Levels: []interval{wilson(found, 200)}}},
	}}}
	return writeResult(t, r)
}

func writeResult(t *testing.T, r result) string {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "results.json")
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestCompare(t *testing.T) {
	before := resultOf(t, 180, 2)
	for _, c := range []struct {
		name  string
		after string
		code  int
		says  string
	}{
		{"the same", before, 0, "nothing lost"},
		{"noise", resultOf(t, 176, 3), 0, "nothing lost"},
		{"a loss of copies", resultOf(t, 150, 2), 1, "speed +4 % 0: LOST"},
		{"a gain", resultOf(t, 198, 2), 0, "gained"},
		{"more false matches", resultOf(t, 180, 20), 1, "false matches: LOST"},
		{"a kind less", writeResult(t, result{Version: resultVersion}), 1, "not in the new results"},
		{"another version", writeResult(t, result{Version: resultVersion + 1}), 2, "version"},
		{"no file", filepath.Join(t.TempDir(), "none"), 2, "none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			if code := compareMain([]string{before, c.after}, &out, &out); code != c.code || !strings.Contains(out.String(), c.says) {
				t.Errorf("status %d, want %d with %q:\n%s", code, c.code, c.says, out.String())
			}
		})
	}
}

func TestStripKeepsWhatCompareNeeds(t *testing.T) {
	r := result{Version: resultVersion, Judged: []judged{judge("likeness", 1, []outcome{copyOf("noise", []string{"a"}, said("a", 0.9))}, 0.5)}}
	r.Outcomes = []outcome{copyOf("noise", []string{"a"})}
	full, brief := writeResult(t, r), filepath.Join(t.TempDir(), "brief.json")
	if code := stripMain([]string{full, brief}, os.Stderr); code != 0 {
		t.Fatalf("strip: status %d", code)
	}
	got, err := readResult(brief)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Outcomes) != 0 {
		t.Errorf("%d queries are left", len(got.Outcomes))
	}
	var out bytes.Buffer
	if code := compareMain([]string{full, brief}, &out, &out); code != 0 {
		t.Errorf("the stripped result differs from its own: %s", out.String())
	}
}
