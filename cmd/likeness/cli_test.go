package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const testdata = "../../testdata"

// cli runs a command on an index of the test's own.
type invocation struct {
	status    int
	out, errs string
}

func cliIn(t *testing.T, index string, args ...string) invocation {
	t.Helper()
	var out, errs bytes.Buffer
	status := run(t.Context(), append([]string{"--index", index}, args...), &out, &errs)
	return invocation{status, out.String(), errs.String()}
}

func (i invocation) want(t *testing.T, status int) invocation {
	t.Helper()
	if i.status != status {
		t.Fatalf("status %d, want %d\nstdout: %s\nstderr: %s", i.status, status, i.out, i.errs)
	}
	return i
}

// reports parses the JSON lines of match or scan.
func (i invocation) reports(t *testing.T) []fileReport {
	t.Helper()
	var all []fileReport
	for line := range strings.Lines(i.out) {
		var r fileReport
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		all = append(all, r)
	}
	return all
}

func TestRegisterMatchRemove(t *testing.T) {
	ix := filepath.Join(t.TempDir(), "index")
	books := filepath.Join(testdata, "books")
	cliIn(t, ix, "match", books).want(t, exitFailed) // no index yet
	cliIn(t, ix, "register", "--holder", "Nobody", filepath.Join(books, "newton-opticks.txt"), filepath.Join(books, "tang-poems-zh.txt")).want(t, exitFine)

	got := cliIn(t, ix, "--json", "match", filepath.Join(books, "song-ci-zh.txt"), filepath.Join(books, "newton-opticks.txt")).want(t, exitFine).reports(t)
	if len(got) != 2 {
		t.Fatalf("%d reports, want one a file", len(got))
	}
	if m := got[0].Matches; m == nil || len(*m) != 0 {
		t.Errorf("an unknown book: got matches %v, want an empty list", m)
	}
	if m := got[1].Matches; m == nil || len(*m) != 1 || (*m)[0].Work != "newton-opticks" || (*m)[0].Holder != "Nobody" {
		t.Errorf("a registered book: got matches %v, want newton-opticks", m)
	}
	cliIn(t, ix, "match", "--fail-on-match", filepath.Join(books, "newton-opticks.txt")).want(t, exitMatched)

	if out := cliIn(t, ix, "works").want(t, exitFine).out; !strings.Contains(out, "tang-poems-zh\tblock") {
		t.Errorf("works: %q lacks tang-poems-zh with its policy", out)
	}
	cliIn(t, ix, "show", "tang-poems-zh").want(t, exitFine)
	cliIn(t, ix, "stats").want(t, exitFine)
	cliIn(t, ix, "remove", "newton-opticks").want(t, exitFine)
	cliIn(t, ix, "remove", "newton-opticks").want(t, exitFailed)
	got = cliIn(t, ix, "--json", "match", filepath.Join(books, "newton-opticks.txt")).want(t, exitFine).reports(t)
	if m := got[0].Matches; m == nil || len(*m) != 0 {
		t.Errorf("a removed book: got matches %v, want an empty list", m)
	}
}

func TestNoMatchIsAnEmptyList(t *testing.T) {
	var b bytes.Buffer
	s := &session{cli: &cli{JSON: true}, out: &b}
	if err := s.printReport(fileReport{File: "x", Matches: &[]workReport{}}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `"matches":[]`) {
		t.Errorf(`got %s, want "matches":[]`, b.String())
	}
}

func TestUsage(t *testing.T) {
	ix := filepath.Join(t.TempDir(), "index")
	for _, args := range [][]string{{"match"}, {"unknown"}, {"register", "--id", "x", "a", "b"}, {"--jobs", "-1", "works"}, {"register", "--policy", "burn", "a"}} {
		cliIn(t, ix, args...).want(t, exitUsage)
	}
	if help := cliIn(t, ix, "--help").want(t, exitFine).out; !strings.Contains(help, "register") {
		t.Errorf("help does not name the commands: %q", help)
	}
}

func TestSameNameTwice(t *testing.T) {
	dir := t.TempDir()
	for _, sub := range []string{"a", "b"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
		copyFile(t, filepath.Join(testdata, "books", "song-ci-zh.txt"), filepath.Join(dir, sub, "book.txt"))
	}
	got := cliIn(t, filepath.Join(dir, "index"), "register", filepath.Join(dir, "a"), filepath.Join(dir, "b")).want(t, exitFailed)
	if !strings.Contains(got.errs, "same ID") {
		t.Errorf("stderr %q does not say that two files have the same ID", got.errs)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, b, 0o644); err != nil {
		t.Fatal(err)
	}
}
