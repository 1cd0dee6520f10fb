package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// bucket serves one over loopback that holds these files, and returns a
// switch: how many objects may still be read.
func bucket(t *testing.T, objects map[string][]byte) *atomic.Int64 {
	t.Helper()
	store := s3mem.New()
	if err := store.CreateBucket("uploads"); err != nil {
		t.Fatal(err)
	}
	for key, content := range objects {
		if _, err := store.PutObject("uploads", key, map[string]string{"Last-Modified": "Mon, 2 Jan 2006 15:04:05 GMT"}, bytes.NewReader(content), int64(len(content)), nil); err != nil {
			t.Fatal(err)
		}
	}
	var left atomic.Int64
	left.Store(1 << 30)
	s3 := gofakes3.New(store).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && strings.Contains(r.URL.Path, ".") && left.Add(-1) < 0 {
			http.Error(w, "no more", http.StatusForbidden)
			return
		}
		s3.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	for name, value := range map[string]string{"AWS_ENDPOINT_URL": server.URL, "AWS_ENDPOINT_URL_S3": "", "AWS_REGION": "us-east-1",
		"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_SESSION_TOKEN": ""} {
		t.Setenv(name, value)
	}
	return &left
}

func TestScanBucket(t *testing.T) {
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(testdata, name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	left := bucket(t, map[string][]byte{
		"in/b/film.mp4": read("films/cockatoo.mp4"), "in/a/copy.txt": read("books/song-ci-zh.txt"),
		"in/empty.txt": nil, "in/folder/": nil, "other.txt": read("books/song-ci-zh.txt"), "in/z.txt": read("books/tang-poems-zh.txt"),
	})
	ix := filepath.Join(t.TempDir(), "index")
	cliIn(t, ix, "register", filepath.Join(testdata, "books", "song-ci-zh.txt"), filepath.Join(testdata, "films", "cockatoo.mp4")).want(t, exitFine)

	left.Store(2) // then the bucket refuses
	first := cliIn(t, ix, "--json", "--jobs", "1", "scan", "s3://uploads/in/").want(t, exitFailed)
	if !strings.Contains(first.errs, "cannot be fetched") || !strings.Contains(first.errs, "--resume") {
		t.Errorf("stderr %q does not say what happened and how to go on", first.errs)
	}
	left.Store(1 << 30)
	second := cliIn(t, ix, "--json", "scan", "--resume", "s3://uploads/in/").want(t, exitFailed) // one is empty
	want := []string{"s3://uploads/in/a/copy.txt song-ci-zh", "s3://uploads/in/b/film.mp4 cockatoo", "s3://uploads/in/empty.txt", "s3://uploads/in/z.txt"}
	var got []string
	for _, r := range append(first.reports(t), second.reports(t)...) {
		line := r.File
		if r.Matches != nil && len(*r.Matches) > 0 {
			line += " " + (*r.Matches)[0].Work
		}
		if !r.Unscannable || strings.Contains(r.Error, "empty") {
			got = append(got, line)
		}
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("both scans read %q, want each once: %q", got, want)
	}
	if left, err := filepath.Glob(ix + ".s*"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

func TestBucketErrors(t *testing.T) {
	bucket(t, nil)
	ix := filepath.Join(t.TempDir(), "index")
	cliIn(t, ix, "register", filepath.Join(testdata, "books", "song-ci-zh.txt")).want(t, exitFine)
	got := cliIn(t, ix, "scan", "s3://missing/in/").want(t, exitFailed)
	if line := lineWith(got.errs, "s3://missing/in/"); !strings.Contains(line, "cannot be listed") || !strings.Contains(line, "bucket") {
		t.Errorf("of a missing bucket stderr says %q", got.errs)
	}
	t.Setenv("AWS_ENDPOINT_URL", "ftp://nowhere")
	if got := cliIn(t, ix, "scan", "s3://missing/in/").want(t, exitFailed); !strings.Contains(got.errs, "AWS_ENDPOINT_URL") {
		t.Errorf("of a bad endpoint stderr says %q", got.errs)
	}
}

// TestSweep: a run that was killed leaves what it was reading, the next one
// removes it.
func TestSweep(t *testing.T) {
	ix := filepath.Join(t.TempDir(), "index")
	if err := os.Mkdir(ix+".spool", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(ix+".spool", "object-1"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	cliIn(t, ix, "register", filepath.Join(testdata, "books", "song-ci-zh.txt")).want(t, exitFine)
	if _, err := os.Stat(ix + ".spool"); !os.IsNotExist(err) {
		t.Errorf("the spool is still there: %v", err)
	}
}
