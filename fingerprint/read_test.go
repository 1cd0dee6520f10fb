package fingerprint_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
)

func write(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// onlySeeks hides all but the methods of io.ReadSeeker.
type onlySeeks struct{ io.ReadSeeker }

func TestFileAndReadAgree(t *testing.T) {
	const content = "INTS 3 1 4 1 5 9 2 6"
	name := write(t, content)
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	readers := map[string]func() (*fingerprint.Set, error){
		"File":           func() (*fingerprint.Set, error) { return fingerprint.File(t.Context(), name, nil) },
		"Read of a file": func() (*fingerprint.Set, error) { return fingerprint.Read(t.Context(), file, nil) },
		"Read of a string": func() (*fingerprint.Set, error) {
			return fingerprint.Read(t.Context(), strings.NewReader(content), nil)
		},
		"Read of a seeker": func() (*fingerprint.Set, error) {
			return fingerprint.Read(t.Context(), onlySeeks{strings.NewReader(content)}, &fingerprint.Options{})
		},
	}
	for how, read := range readers {
		t.Run(how, func(t *testing.T) {
			set, err := read()
			if err != nil {
				t.Fatal(err)
			}
			if want := sha256.Sum256([]byte(content)); set.SHA256 != want || set.Size != int64(len(content)) {
				t.Errorf("SHA256 %x of %d bytes, want %x of %d", set.SHA256, set.Size, want, len(content))
			}
			if set.Duration != 4*time.Second || set.Kind != fingerprint.Audio || set.Type != "text/x-integers" {
				t.Errorf("got %+v", set)
			}
			of := set.Of(fingerprint.Audio)
			if len(of) != 1 || of[0].Len() != 8 || !bytes.Equal(of[0].Code(5), []byte{0, 0, 0, 9}) || of[0].Position(5) != 5 {
				t.Errorf("got %v, want eight integers, the sixth being 9", of)
			}
			if got := set.Of(fingerprint.Video); got != nil {
				t.Errorf("Of(Video) = %v, want none", got)
			}
		})
	}
}

func TestUnscannable(t *testing.T) {
	tests := []struct {
		name, content string
		limits        *fingerprint.Limits
		reason        string
	}{
		{"empty", "", nil, "empty file"},
		{"unknown", "what is this?", nil, "unknown format application/octet-stream (forgotten import?)"},
		{"damaged, and hostile to terminals", "INTS 1 x", nil, "damaged:  [2Jnot a number"},
		{"panic", "INTS bomb", nil, "decoder panicked: index out of range"},
		{"bytes", "INTS 1 2 3", &fingerprint.Limits{Bytes: 5}, "10 bytes exceed the limit of 5"},
		{"duration", "INTS 1 2 3", &fingerprint.Limits{Duration: time.Second}, "1.5s duration exceed the limit of 1s"},
		{"wall time", "INTS for-ever", &fingerprint.Limits{WallTime: time.Millisecond}, "exceeds the limit of 1ms wall time"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := &fingerprint.Options{Limits: tt.limits, Name: "shown\n"}
			set, err := fingerprint.Read(t.Context(), strings.NewReader(tt.content), o)
			var un *fingerprint.UnscannableError
			if set != nil || !errors.As(err, &un) {
				t.Fatalf("got %v, %v, want an UnscannableError", set, err)
			}
			if un.Reason != tt.reason || err.Error() != "shown : "+tt.reason {
				t.Errorf("got %q: %q, want the reason %q", un.Name, un.Reason, tt.reason)
			}
			var limit *fingerprint.LimitError
			if errors.As(err, &limit) != (tt.limits != nil) || limit != nil && limit.Limit != tt.name {
				t.Errorf("got the limit %v", limit)
			}
			var fault *fingerprint.PanicError
			if errors.As(err, &fault) != (tt.name == "panic") || fault != nil && !bytes.Contains(fault.Stack, []byte("extractIntegers")) {
				t.Errorf("got the fault %v", fault)
			}
		})
	}
}

func TestFileThatCannotBeOpened(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "missing")
	_, err := fingerprint.File(t.Context(), missing, nil)
	if !errors.Is(err, fs.ErrNotExist) || strings.Count(err.Error(), "missing") != 1 {
		t.Errorf("got %v, want ErrNotExist that names the file once", err)
	}
	_, err = fingerprint.File(t.Context(), dir, &fingerprint.Options{Name: "folder"})
	if want := "folder: not a regular file (d---------)"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("no longer wanted")
	cancel(why)
	if _, err := fingerprint.Read(ctx, strings.NewReader("INTS for-ever"), nil); err != why {
		t.Errorf("got %v, want %v", err, why)
	}
	if _, err := fingerprint.Read(ctx, strings.NewReader("INTS 1"), nil); err != why {
		t.Errorf("while hashing: got %v, want %v", err, why)
	}
}

// shrinking says that it is larger than it is, as a file does that is cut
// while it is read.
type shrinking struct{ *strings.Reader }

func (s shrinking) Seek(offset int64, whence int) (int64, error) {
	n, err := s.Reader.Seek(offset, whence)
	return n + 10, err
}

func TestShrunkFile(t *testing.T) {
	_, err := fingerprint.Read(t.Context(), shrinking{strings.NewReader("INTS 1")}, nil)
	if want := "input: file shrank while it was read"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestConcurrentReads(t *testing.T) {
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if _, err := fingerprint.Read(t.Context(), strings.NewReader("INTS 1 2 3"), nil); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
}

func TestMostConfidentExtractorReads(t *testing.T) {
	sure := func(confidence int) func(*fingerprint.Input) (string, int) {
		return func(in *fingerprint.Input) (string, int) {
			head := make([]byte, 4)
			if _, err := in.ReadAt(head, 0); err != nil || string(head) != "RIVL" {
				return "", 0
			}
			return "text/x-rivals", confidence
		}
	}
	for _, e := range []struct {
		name       string
		confidence int
	}{{"rival d", 10}, {"rival c", 80}, {"rival b", 80}, {"rival a", 20}} {
		fingerprint.RegisterExtractor(fingerprint.Extractor{
			Name: e.name, Sniff: sure(e.confidence),
			Extract: func(context.Context, *fingerprint.Input, fingerprint.Limits) (*fingerprint.Set, error) {
				return &fingerprint.Set{Decoder: e.name}, nil
			},
		})
	}
	set, err := fingerprint.Read(t.Context(), strings.NewReader("RIVL"), nil)
	if err != nil || set.Decoder != "rival b" {
		t.Errorf("got %+v, %v, want the first by name of the two that are most confident", set, err)
	}
}

func TestRegisterExtractorPanics(t *testing.T) {
	extract := func(context.Context, *fingerprint.Input, fingerprint.Limits) (*fingerprint.Set, error) {
		return nil, nil
	}
	for _, e := range []fingerprint.Extractor{
		{Name: "integers", Sniff: sniffIntegers, Extract: extract},
		{Name: "", Sniff: sniffIntegers, Extract: extract},
		{Name: "no sniff", Extract: extract},
		{Name: "no extract", Sniff: sniffIntegers},
	} {
		if !panics(func() { fingerprint.RegisterExtractor(e) }) {
			t.Errorf("extractor %q is accepted", e.Name)
		}
	}
}

func panics(f func()) (did bool) {
	defer func() { did = recover() != nil }()
	f()
	return false
}

func TestExtractorThatReturnsNothing(t *testing.T) {
	fingerprint.RegisterExtractor(fingerprint.Extractor{
		Name: "nothing",
		Sniff: func(in *fingerprint.Input) (string, int) {
			if in.Size == 3 {
				return "text/x-three", 1
			}
			return "", 0
		},
		Extract: func(context.Context, *fingerprint.Input, fingerprint.Limits) (*fingerprint.Set, error) {
			return nil, nil
		},
	})
	_, err := fingerprint.Read(t.Context(), strings.NewReader("abc"), nil)
	if want := "input: extractor nothing returned nothing"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestLimitsEffective(t *testing.T) {
	var none *fingerprint.Limits
	all := none.Effective()
	if all.Bytes <= 0 || all.Duration <= 0 || all.Pixels <= 0 || all.Pages <= 0 || all.Text <= 0 ||
		all.Members <= 0 || all.Depth <= 0 || all.Unpacked <= 0 || all.Memory <= 0 || all.WallTime <= 0 {
		t.Errorf("a default is missing: %+v", all)
	}
	some := (&fingerprint.Limits{Pages: 3, Bytes: -1}).Effective()
	want := all
	want.Pages, want.Bytes = 3, -1
	if some != want {
		t.Errorf("got %+v, want %+v", some, want)
	}
}

func TestExceeds(t *testing.T) {
	for _, tt := range []struct {
		value, most int
		want        string
	}{{3, 3, ""}, {4, 3, "4 pages exceed the limit of 3"}, {4, -1, ""}, {0, 0, ""}} {
		err := fingerprint.Exceeds("pages", tt.value, tt.most)
		if got := errorText(err); got != tt.want {
			t.Errorf("Exceeds(%d, %d) = %q, want %q", tt.value, tt.most, got, tt.want)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
