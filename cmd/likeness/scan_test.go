package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestMain lets a test run the command in a process of its own that can be
// killed: the test binary is the command when LIKENESS_RUN is set.
func TestMain(m *testing.M) {
	if os.Getenv("LIKENESS_RUN") != "" {
		main()
	}
	os.Exit(m.Run())
}

func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "LIKENESS_RUN=1")
	return cmd
}

// pages writes n short texts, each another part of a book, and returns the folder.
func pages(t *testing.T, n int) string {
	t.Helper()
	book, err := os.ReadFile(filepath.Join(testdata, "books", "twain-tom-sawyer.txt"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	size := len(book) / n
	for i := range n {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("page-%03d.txt", i)), book[i*size:(i+1)*size], 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// killAfter starts a command, kills it when it has printed some lines, and
// returns those.
func killAfter(t *testing.T, lines int, args ...string) []string {
	t.Helper()
	cmd := command(t, args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var got []string
	s := bufio.NewScanner(out)
	for s.Scan() { // also what it printed before the signal came
		if got = append(got, s.Text()); len(got) == lines {
			if err := cmd.Process.Kill(); err != nil { // SIGKILL
				t.Fatal(err)
			}
		}
	}
	cmd.Wait() // the signal is its error
	return got
}

func TestKilledRegister(t *testing.T) {
	dir := pages(t, 60)
	ix := filepath.Join(t.TempDir(), "index")
	for _, lines := range []int{1, 9, 23} {
		printed := killAfter(t, lines, "--index", ix, "register", dir)
		if len(printed) < lines {
			t.Fatalf("printed %d lines before the kill, want at least %d", len(printed), lines)
		}
		works := cliIn(t, ix, "works").want(t, exitFine).out
		for _, line := range printed {
			_, rest, _ := strings.Cut(line, ": registered as ")
			id, _, _ := strings.Cut(rest, " ")
			if id == "" || !strings.Contains(works, id+"\t") {
				t.Errorf("%q was reported, but the index does not hold it", line)
			}
		}
	}
	cliIn(t, ix, "register", dir).want(t, exitFine)
	got := cliIn(t, ix, "--json", "match", filepath.Join(dir, "page-017.txt")).want(t, exitFine).reports(t)
	if m := got[0].Matches; m == nil || len(*m) == 0 || (*m)[0].Work != "page-017" {
		t.Errorf("after three kills: got %v, want page-017", m)
	}
}

func TestScanResumes(t *testing.T) {
	dir := pages(t, 60)
	ix := filepath.Join(t.TempDir(), "index")
	cliIn(t, ix, "register", filepath.Join(dir, "page-003.txt"), filepath.Join(dir, "page-050.txt")).want(t, exitFine)

	first := killAfter(t, 20, "--index", ix, "--json", "scan", dir)
	second := cliIn(t, ix, "--json", "scan", "--resume", dir).want(t, exitFine)
	if n := len(second.reports(t)); n >= 60 {
		t.Errorf("the resumed scan reported %d files: it began anew", n)
	}
	seen, matched := map[string]int{}, 0
	for _, r := range (invocation{out: strings.Join(first, "\n") + "\n" + second.out}).reports(t) {
		if seen[r.File]++; seen[r.File] == 1 && r.Matches != nil && len(*r.Matches) > 0 {
			matched++
		}
	}
	if len(seen) != 60 || matched != 2 {
		t.Errorf("both runs reported %d files and %d matched, want 60 and 2", len(seen), matched)
	}
	if _, err := os.Stat(ix + ".scan"); err == nil {
		t.Error("the journal of a finished scan is still there")
	}
}

func TestScanResumesOnlyItsOwn(t *testing.T) {
	dir := pages(t, 3)
	ix := filepath.Join(t.TempDir(), "index")
	cliIn(t, ix, "register", dir).want(t, exitFine)
	if err := os.WriteFile(ix+".scan", []byte(`{"likeness_scan":1,"roots":["elsewhere"]}`+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := cliIn(t, ix, "scan", "--resume", dir).want(t, exitFailed); !strings.Contains(got.errs, "elsewhere") {
		t.Errorf("stderr %q does not say whose journal it is", got.errs)
	}
	if err := os.WriteFile(ix+".scan", []byte("hello\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := cliIn(t, ix, "scan", "--resume", dir).want(t, exitFailed); !strings.Contains(got.errs, "not a scan's journal") {
		t.Errorf("stderr %q does not say that it is no journal", got.errs)
	}
	cliIn(t, ix, "scan", dir).want(t, exitFailed)
	if b, err := os.ReadFile(ix + ".scan"); err != nil || string(b) != "hello\n" {
		t.Errorf("a file that is no journal became %q, %v", b, err)
	}
}

func TestJournalDropsABrokenLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j, err := openJournal(path, []string{"r"}, false)
	if err != nil {
		t.Fatal(err)
	}
	a, b := file{path: "a", size: 1, version: "2"}, file{path: "b", size: 3, version: "4"}
	if err := j.done(a); err != nil {
		t.Fatal(err)
	}
	j.Close()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString("0123456789")
	f.Close()
	if j, err = openJournal(path, []string{"r"}, true); err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	a2 := a
	a2.version = "3"
	if !j.holds(a) || j.holds(b) || j.holds(a2) {
		t.Errorf("holds a %v, the broken b %v, a changed a %v; want true, false, false", j.holds(a), j.holds(b), j.holds(a2))
	}
	if err := j.done(b); err != nil {
		t.Fatal(err)
	}
	if !j.holds(a) {
		t.Error("a was lost")
	}
}
