package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/likeness-go/likeness/fingerprint"
)

func lay(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, n := range names {
		path := filepath.Join(dir, n)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(n), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// byName stands in for the sniffer: these files have no content worth it.
func byName(path string) (fingerprint.Kind, error) {
	if strings.HasSuffix(path, ".bad") {
		return fingerprint.KindInvalid, errors.New("no medium")
	}
	return fingerprint.Document, nil
}

func splits(c corpus) map[string]string {
	all := map[string]string{}
	for _, s := range c.Sources {
		all[s.ID] = s.Split
	}
	return all
}

func TestCorpusOfGivenFolders(t *testing.T) {
	dir := lay(t, "works/a", "works/deep/b", "strangers/c", "elsewhere/d", ".cache/e", "works/f.bad")
	c, skipped, err := loadCorpus(dir, byName)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"works/a": work, "works/deep/b": work, "strangers/c": stranger, "elsewhere/d": stranger}
	got := splits(c)
	if len(got) != len(want) {
		t.Errorf("sources: %v, want %v", got, want)
	}
	for id, split := range want {
		if got[id] != split {
			t.Errorf("%s is %q, want %q", id, got[id], split)
		}
	}
	if len(skipped) != 1 || !strings.Contains(skipped[0], "f.bad: no medium") {
		t.Errorf("skipped: %q, want f.bad with its reason", skipped)
	}
}

// What a file is does not depend on what else is there.
func TestCorpusSplitIsStable(t *testing.T) {
	var names []string
	for i := range 300 {
		names = append(names, "songs/"+string(rune('a'+i%26))+strings.Repeat("x", i/26))
	}
	some, _, err := loadCorpus(lay(t, names[:150]...), byName)
	if err != nil {
		t.Fatal(err)
	}
	all, _, err := loadCorpus(lay(t, names...), byName)
	if err != nil {
		t.Fatal(err)
	}
	after := splits(all)
	for id, split := range splits(some) {
		if after[id] != split {
			t.Errorf("%s was %s and is %s among more files", id, split, after[id])
		}
	}
	if n := len(all.of(fingerprint.Document, stranger, 0)); n < 70 || n > 130 {
		t.Errorf("%d of 300 are strangers, want about a third", n)
	}
}

func TestOfChoosesTheSame(t *testing.T) {
	c, _, err := loadCorpus(lay(t, "works/a", "works/b", "works/c", "works/d", "works/e", "strangers/f"), byName)
	if err != nil {
		t.Fatal(err)
	}
	three, two := c.of(fingerprint.Document, work, 3), c.of(fingerprint.Document, work, 2)
	if len(three) != 3 || len(two) != 2 || len(c.of(fingerprint.Document, work, 99)) != 5 {
		t.Fatalf("chose %d, %d and %d", len(three), len(two), len(c.of(fingerprint.Document, work, 99)))
	}
	for _, s := range two {
		if s.ID != three[0].ID && s.ID != three[1].ID && s.ID != three[2].ID {
			t.Errorf("%s is among two but not among three", s.ID)
		}
	}
	if three[0].ID > three[1].ID || three[1].ID > three[2].ID {
		t.Errorf("out of order: %v", three)
	}
}
