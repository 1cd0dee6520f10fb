//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const nobody = 65534

// TestUnreadable matches a file and a folder that the user may not read. Root
// may read all, so then the command runs as nobody.
func TestUnreadable(t *testing.T) {
	dir, err := os.MkdirTemp("", "likeness-unreadable-")
	if err != nil {
		t.Fatal(err)
	}
	in, ix, program := filepath.Join(dir, "in"), filepath.Join(dir, "index"), filepath.Join(dir, "likeness")
	t.Cleanup(func() {
		os.Chmod(filepath.Join(in, "locked"), 0o700)
		os.RemoveAll(dir)
	})
	book := filepath.Join(testdata, "books", "song-ci-zh.txt")
	if err := os.MkdirAll(filepath.Join(in, "locked"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.txt", "locked/b.txt", "z.txt"} {
		copyFile(t, book, filepath.Join(in, name))
	}
	copyFile(t, os.Args[0], program)
	cliIn(t, ix, "register", book).want(t, exitFine)
	for name, mode := range map[string]os.FileMode{dir: 0o755, program: 0o755, in + "/a.txt": 0, in + "/locked": 0} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(program, "--index", ix, "--json", "match", in)
	cmd.Env = append(os.Environ(), "LIKENESS_RUN=1")
	if os.Geteuid() == 0 {
		give(t, ix)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.Run() // its status is looked at below
	got := invocation{cmd.ProcessState.ExitCode(), out.String(), errs.String()}.want(t, exitFailed)

	want := in + "/a.txt: permission denied\n" + in + "/locked: permission denied\n"
	if got.errs != want {
		t.Errorf("stderr %q, want %q", got.errs, want)
	}
	reports := got.reports(t)
	if len(reports) != 3 || !reports[0].Unscannable || !reports[1].Unscannable || reports[2].Matches == nil || len(*reports[2].Matches) != 1 {
		t.Errorf("got %s, want two unscannable and a match", got.out)
	}
	cliIn(t, ix, "works").want(t, exitFine)
}

// give makes all below a folder nobody's.
func give(t *testing.T, root string) {
	t.Helper()
	err := filepath.Walk(root, func(path string, _ os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, nobody, nobody)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestInterrupt: Ctrl-C while films are decoded ends at once and leaves the
// index as it was.
func TestInterrupt(t *testing.T) {
	dir := pages(t, 8)
	for _, name := range []string{"a.mp4", "b.mp4", "c.mp4", "d.mp4"} {
		copyFile(t, filepath.Join(testdata, "films", "big-buck-bunny.mp4"), filepath.Join(dir, "x-"+name))
	}
	ix := filepath.Join(t.TempDir(), "index")
	cliIn(t, ix, "register", filepath.Join(dir, "page-003.txt")).want(t, exitFine)
	for _, sub := range []string{"match", "scan", "fingerprint"} {
		cmd := command(t, "--index", ix, "--json", sub, dir)
		var errs bytes.Buffer
		cmd.Stderr = &errs
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var first fileReport
		d := json.NewDecoder(out)
		if err := d.Decode(&first); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, out) // until it ends
		cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != exitFailed || strings.TrimSpace(errs.String()) != "likeness: interrupted" {
			t.Errorf("%s: status %d, stderr %q; want %d and one line that says interrupted", sub, code, errs.String(), exitFailed)
		}
		got := cliIn(t, ix, "--json", "match", filepath.Join(dir, "page-003.txt")).want(t, exitFine).reports(t)
		if len(*got[0].Matches) != 1 {
			t.Errorf("after %s was interrupted: got %v, want page-003", sub, got[0].Matches)
		}
	}
}
