package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/likeness-go/likeness/fingerprint"
)

// smallCorpus lays out some of the repository's own media: documents, and
// pictures where ffmpeg is there to alter them.
func smallCorpus(t *testing.T) (dir string, kinds []fingerprint.Kind) {
	t.Helper()
	dir = t.TempDir()
	sides := map[string][]string{
		"works":     {"books/tang-poems-zh.txt", "books/newton-opticks.txt", "pictures/dune.jpg", "pictures/storm.jpg", "pictures/chelsea.png"},
		"strangers": {"books/twain-tom-sawyer.txt", "books/song-ci-zh.txt", "pictures/garden.jpg", "pictures/astronaut.jpg"},
	}
	for side, names := range sides {
		for _, name := range names {
			b, err := os.ReadFile(filepath.Join("..", "..", "testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			out := filepath.Join(dir, side, name)
			if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(out, b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	kinds = []fingerprint.Kind{fingerprint.Document}
	if err := installed("ffmpeg"); err != nil {
		t.Log("pictures are left out:", err)
	} else {
		kinds = append(kinds, fingerprint.Picture)
	}
	return dir, kinds
}

func runSmall(t *testing.T, dir, out string, kinds []fingerprint.Kind) *result {
	t.Helper()
	all := map[fingerprint.Kind]int{fingerprint.Document: 0, fingerprint.Picture: 0}
	o := options{corpus: dir, out: out, cache: filepath.Join(dir, ".cache"), kinds: kinds, works: all, strangers: all,
		distractors: []int{50}, jobs: 2, peers: true, audit: true}
	transforms, err := o.chosen()
	if err != nil {
		t.Fatal(err)
	}
	few := slices.DeleteFunc(transforms, func(x transform) bool {
		return !slices.Contains([]string{"copy", "OCR", "excerpt", "joined", "brightness", "crop", "JPEG", "small"}, x.Name)
	})
	if err := os.MkdirAll(out, 0o755); err != nil {
		t.Fatal(err)
	}
	l, err := openLibrary(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	r, err := l.measure(context.Background(), few)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.write(out); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEndToEnd(t *testing.T) {
	if testing.Short() {
		t.Skip("a whole run")
	}
	dir, kinds := smallCorpus(t)
	out := filepath.Join(dir, ".out")
	r := runSmall(t, dir, out, kinds)

	for _, k := range kinds {
		j := r.find("likeness", k.String())
		if j == nil {
			t.Fatalf("no figures for %s", k)
		}
		if j.Copies < 10 || 3*j.Strangers < j.Copies {
			t.Errorf("%s: %d copies, %d strangers", k, j.Copies, j.Strangers)
		}
		if j.Levels[0].Found.Share() < 0.5 || j.Levels[0].False.Hits > 0 || j.Failed > 0 {
			t.Errorf("%s: found %s, false %s, %d failed", k, percent(j.Levels[0].Found), percent(j.Levels[0].False), j.Failed)
		}
	}
	if len(kinds) > 1 && (r.find("goimagehash", "picture") == nil || r.find("vPDQ", "picture") == nil) {
		t.Error("the picture peers were not asked")
	}
	if len(r.Growth) != 2*len(kinds) {
		t.Fatalf("growth at %d points, want without and with distractors for each of %d kinds", len(r.Growth), len(kinds))
	}
	for i := 0; i < len(r.Growth); i += 2 {
		alone, among := r.Growth[i], r.Growth[i+1]
		if among.Synthetic != 50 || among.Found.Hits < alone.Found.Hits-1 || among.False.Hits > alone.False.Hits {
			t.Errorf("%s: alone %s found, among 50 synthetic works %s; wrong %d and %d", alone.Kind, percent(alone.Found), percent(among.Found), alone.False.Hits, among.False.Hits)
		}
	}
	samePage(t, out)
	readsBack(t, out, r)
	sameAgain(t, dir, out, kinds, r)
}

// samePage checks that the page needs nothing but itself.
func samePage(t *testing.T, out string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(out, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"http://", "https://", "<script", "@import", "ZgotmplZ", "%!"} {
		if strings.Contains(string(b), bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
}

// readsBack checks that results.json holds every query and none of this
// machine's paths.
func readsBack(t *testing.T, out string, r *result) {
	t.Helper()
	got, err := readResult(filepath.Join(out, "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Outcomes) != len(r.Outcomes) || got.Seed != *seed || got.Machine.Cores == 0 || got.Machine.Go == "" {
		t.Errorf("%d of %d queries, seed %d, machine %+v", len(got.Outcomes), len(r.Outcomes), got.Seed, got.Machine)
	}
}

// sameAgain checks that a second run takes the queries from the cache and
// comes to the same result.
func sameAgain(t *testing.T, dir, out string, kinds []fingerprint.Kind, before *result) {
	t.Helper()
	times := map[string]int64{}
	for _, o := range before.Outcomes {
		times[o.Path] = modified(t, o.Path)
	}
	after := runSmall(t, dir, out, kinds)
	if len(after.Outcomes) != len(before.Outcomes) {
		t.Fatalf("%d queries, then %d", len(before.Outcomes), len(after.Outcomes))
	}
	for _, o := range after.Outcomes {
		if times[o.Path] != modified(t, o.Path) {
			t.Errorf("%s was made again", o.Path)
		}
	}
	for i, j := range before.Judged {
		if k := after.Judged[i]; j.Matcher != k.Matcher || j.MicroAP != k.MicroAP || j.Levels[0].Found != k.Levels[0].Found {
			t.Errorf("%s, %s: %v found, then %v", j.Matcher, j.Kind, j.Levels[0].Found, k.Levels[0].Found)
		}
	}
}

func modified(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.ModTime().UnixNano()
}
