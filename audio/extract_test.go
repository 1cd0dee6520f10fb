package audio

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
)

func TestExtractSong(t *testing.T) {
	const name = "fillets-rybky05.ogg"
	set, err := fingerprint.File(context.Background(), "../testdata/songs/"+name, nil)
	if err != nil {
		t.Fatal(err)
	}
	if set.Kind != fingerprint.Audio || len(set.Fingerprints) != 1 || set.Decoder == "" || set.Duration < 30*time.Second {
		t.Errorf("got %+v", set)
	}
	if want := hashed(t, song(t, name)); !same(set.Fingerprints[0], want) {
		t.Errorf("got %d features, a Hasher finds %d", set.Fingerprints[0].Len(), want.Len())
	}
}

func TestExtractRefuses(t *testing.T) {
	for name, data := range map[string]string{
		"empty":     "",
		"text":      strings.Repeat("This is no sound. ", 100),
		"playlist":  "#EXTM3U\nfile:///etc/passwd\n",
		"truncated": "OggS\x00\x02",
	} {
		set, err := fingerprint.Read(context.Background(), bytes.NewReader([]byte(data)), nil)
		var unscannable *fingerprint.UnscannableError
		if !errors.As(err, &unscannable) || unscannable.Reason == "" {
			t.Errorf("%s: got %v, %v, want an UnscannableError with a reason", name, set, err)
		}
	}
}
