package index

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// damage makes an index of 20 songs in files, closes it, and hands over the
// segment files and the folder of the store.
func damage(t *testing.T, f func(segments []string, truth string)) *Index {
	t.Helper()
	dir := t.TempDir()
	ix, err := open(dir, small)
	if err != nil {
		t.Fatal(err)
	}
	for i := range uint64(20) {
		register(t, ix, fmt.Sprint(i), song(t, i))
	}
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	segments, err := filepath.Glob(filepath.Join(dir, "lists", "*.seg"))
	if err != nil || len(segments) == 0 {
		t.Fatalf("%d segment files, %v", len(segments), err)
	}
	f(segments, filepath.Join(dir, "truth"))
	if ix, err = open(dir, small); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ix.Close() })
	return ix
}

func flip(t *testing.T, name string, at func(size int) int) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	b[at(len(b))] ^= 4
	if err := os.WriteFile(name, b, 0o666); err != nil {
		t.Fatal(err)
	}
}

func wantAll(t *testing.T, ix *Index) {
	t.Helper()
	for i := range uint64(20) {
		if got := ids(t, ix, song(t, i)); !slices.Equal(got, []string{fmt.Sprint(i)}) {
			t.Errorf("song %d: got %v", i, got)
		}
	}
}

func TestOpenMakesListsAnew(t *testing.T) {
	for name, harm := range map[string]func(t *testing.T, segment string) error{
		"missing":   func(t *testing.T, s string) error { return os.Remove(s) },
		"empty":     func(t *testing.T, s string) error { return os.Truncate(s, 0) },
		"truncated": func(t *testing.T, s string) error { return os.Truncate(s, 1000) },
		"directory": func(t *testing.T, s string) error { flip(t, s, func(n int) int { return n - 70 }); return nil },
		"version":   func(t *testing.T, s string) error { flip(t, s, func(n int) int { return n - 1 }); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			ix := damage(t, func(segments []string, _ string) {
				if err := harm(t, segments[0]); err != nil {
					t.Fatal(err)
				}
			})
			wantAll(t, ix)
		})
	}
}

// A block is only read when it is asked for: then the damage is an error, and
// the next Open mends it.
func TestDamagedBlockIsAnErrorAndMended(t *testing.T) {
	ix := damage(t, func(segments []string, _ string) { flip(t, segments[0], func(int) int { return 100 }) })
	if _, err := ix.Lookup(t.Context(), song(t, 1), nil); !errors.Is(err, ErrCorrupt) {
		t.Fatalf("got %v, want ErrCorrupt", err)
	}
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	mended, err := open(ix.dir, small)
	if err != nil {
		t.Fatal(err)
	}
	defer mended.Close()
	wantAll(t, mended)
}

// A kill between the creation of a file of Badger and its first growth leaves
// it empty.
func TestEmptyFilesOfBadger(t *testing.T) {
	ix := damage(t, func(_ []string, truth string) {
		for _, name := range []string{"00099.mem", "000098.vlog"} {
			if err := os.WriteFile(filepath.Join(truth, name), nil, 0o666); err != nil {
				t.Fatal(err)
			}
		}
	})
	wantAll(t, ix)
}

func TestMisplacedValueIsKnown(t *testing.T) {
	v := seal([]byte("a"), []byte("payload"))
	if _, err := unseal([]byte("b"), v); !errors.Is(err, ErrCorrupt) {
		t.Errorf("value of another key: %v, want ErrCorrupt", err)
	}
	if p, err := unseal([]byte("a"), v); err != nil || string(p) != "payload" {
		t.Errorf("got %q, %v", p, err)
	}
}
