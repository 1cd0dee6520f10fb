package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestKilledWhileDecoding kills a scan while films are decoded: no ffmpeg
// outlives it, and it leaves no temporary file.
func TestKilledWhileDecoding(t *testing.T) {
	ix, temp := filepath.Join(t.TempDir(), "index"), t.TempDir()
	cliIn(t, ix, "register", filepath.Join(testdata, "books", "song-ci-zh.txt")).want(t, exitFine)
	dir := t.TempDir()
	for _, name := range []string{"a.mp4", "b.mp4", "c.mp4", "d.mp4"} {
		copyFile(t, filepath.Join(testdata, "films", "big-buck-bunny.mp4"), filepath.Join(dir, name))
	}
	for _, sub := range []string{"scan", "register"} {
		cmd := command(t, "--index", ix, sub, dir)
		cmd.Env = append(cmd.Env, "TMPDIR="+temp)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var decoding []string
		for deadline := time.Now().Add(time.Minute); len(decoding) == 0 && time.Now().Before(deadline); {
			decoding = decoders(dir)
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cmd.Wait()
		if len(decoding) == 0 {
			t.Skip("no ffmpeg here")
		}
		left := decoding
		for deadline := time.Now().Add(10 * time.Second); len(left) > 0 && time.Now().Before(deadline); {
			left = decoders(dir)
		}
		if len(left) > 0 {
			t.Errorf("%s: ffmpeg outlived it: processes %v", sub, left)
		}
		if files, err := os.ReadDir(temp); err != nil || len(files) > 0 {
			t.Errorf("%s: temporary files left: %v, %v", sub, files, err)
		}
		cliIn(t, ix, "works").want(t, exitFine)
	}
}

// decoders are the processes named ffmpeg that have a file of a folder open.
func decoders(dir string) (pids []string) {
	names, _ := filepath.Glob("/proc/[0-9]*/comm")
	for _, name := range names {
		comm, _ := os.ReadFile(name) // a process may have ended
		if !bytes.Equal(comm, []byte("ffmpeg\n")) {
			continue
		}
		proc := filepath.Dir(name)
		for _, fd := range []string{"/fd/3", "/fd/4"} {
			if target, err := os.Readlink(proc + fd); err == nil && strings.HasPrefix(target, dir) {
				pids = append(pids, proc)
				break
			}
		}
	}
	return pids
}
