package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/likeness-go/likeness/fingerprint"
)

// read is one file with all its fingerprints, or why there are none.
type read struct {
	file
	set *fingerprint.Set
	err error
}

func (s *session) readFile(ctx context.Context, f file) read {
	if f.err != nil {
		return read{file: f, err: &fingerprint.UnscannableError{Name: f.path, Reason: f.err.Error(), Err: f.err}}
	}
	if f.object != nil {
		set, err := s.readObject(ctx, f)
		return read{file: f, set: set, err: err}
	}
	set, err := fingerprint.File(ctx, f.path, nil)
	return read{file: f, set: set, err: err}
}

// doubt says why a file that was read cannot be called clean when nothing is
// found in it: a part is missing, or it is not what its name promises.
func (r read) doubt() string {
	if r.set.Incomplete != "" {
		return r.set.Incomplete
	}
	ext := strings.ToLower(filepath.Ext(r.path))
	if r.set.Type == "text/plain" && slices.Contains(neverText, ext) {
		return fmt.Sprintf("named %s but holds only text", ext)
	}
	return ""
}

// neverText are the endings of formats that are not text: a text file with
// such a name is read as text, but the sound or film that the name promises
// was not.
var neverText = []string{
	".mp3", ".m4a", ".aac", ".ogg", ".opus", ".flac", ".wav", ".wma", ".mp4", ".m4v", ".mkv", ".webm", ".avi", ".mov",
	".wmv", ".flv", ".mpg", ".mpeg", ".ts", ".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".avif", ".bmp", ".tif",
	".tiff", ".pdf", ".docx", ".odt", ".epub", ".zip", ".rar", ".7z", ".tar", ".gz",
}

// reason is the error of a file without its name.
func reason(err error) string {
	var u *fingerprint.UnscannableError
	if errors.As(err, &u) {
		return u.Reason
	}
	return err.Error()
}

func unscannable(err error) bool {
	var u *fingerprint.UnscannableError
	return errors.As(err, &u)
}
