package transcode

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/likeness-go/likeness/fingerprint"
)

// reasons turn ffmpeg's words into ours. The first that occurs in any kept
// message is taken: from the particular to the general.
var reasons = []struct{ theirs, ours string }{
	{"Format not on whitelist", "a playlist, or a format that is not read: it may refer to other files, which are never followed"},
	{"moov atom not found", "truncated: moov atom not found, the MP4 ends before its index"},
	{"not on whitelist", "refers to other files or addresses, which are never followed"},
	{"matches no streams", ""}, // report knows what is missing
	{"does not contain any stream", ""},
	{"partial file", "truncated: the file ends before its data"},
	{"File ended prematurely", "truncated: the file ends before its data"},
	{"Invalid data found when opening input", "not a sound, film or picture that ffmpeg can read, or damaged at its start"},
	{"Invalid data found when processing input", "not a sound, film or picture that ffmpeg can read, or damaged at its start"},
	{"End of file", "truncated: ends within its header"},
}

var (
	noDecoder  = regexp.MustCompile(`Decoder \(codec (\w+)\) not found|Decoding requested, but no decoder found for: *(\w*)|(?:no|Unknown) decoder (?:found for)?:? *'?(\w+)`)
	tooLarge   = regexp.MustCompile(`[Pp]icture size (\d{1,9})x(\d{1,9}) exceeds specified max pixel count`)
	noMemory   = "Cannot allocate memory"
	nameInText = regexp.MustCompile(`(?:file:|pipe:)\S*: `)
)

// reason gives what is wrong with the file in one line, from the messages
// and, if those say nothing, from how ffmpeg ended.
func (r *report) reason(ended error) error {
	if limit, ok := errors.AsType[*fingerprint.LimitError](ended); ok {
		return limit
	}
	all := strings.Join(r.errors, "\n")
	if m := tooLarge.FindStringSubmatch(all); m != nil {
		w, _ := strconv.ParseInt(m[1], 10, 64)
		h, _ := strconv.ParseInt(m[2], 10, 64)
		return &fingerprint.LimitError{Limit: "pixels", Value: w * h, Max: r.limits.Pixels}
	}
	if strings.Contains(all, noMemory) {
		return &fingerprint.LimitError{Limit: "memory", Max: r.limits.Memory}
	}
	if r.encrypted {
		return errors.New("encrypted: its tracks cannot be decoded without a key")
	}
	if m := noDecoder.FindStringSubmatch(all); m != nil {
		return fmt.Errorf("no decoder for its codec %s", m[1]+m[2]+m[3])
	}
	for _, known := range reasons {
		if known.ours != "" && strings.Contains(all, known.theirs) {
			return errors.New(known.ours)
		}
	}
	if missing := r.missing(); missing != "" {
		return missing
	}
	for _, text := range r.errors {
		if text = tidy(text); text != "" {
			return errors.New(text)
		}
	}
	if ended != nil {
		return ended
	}
	return errors.New("nothing in it could be decoded")
}

// missingError says that a file which was opened does not have a track.
type missingError string

func (e missingError) Error() string { return string(e) }

func (r *report) missing() missingError {
	switch shown := r.shows(); {
	case !r.opened || shown.sound || shown.frames:
		return ""
	case r.wants.sound && r.wants.frames:
		return "neither sound nor moving pictures in it"
	case r.wants.sound:
		return "no sound in it"
	default:
		return "no pictures in it"
	}
}

// tidy makes any message safe to print: one line, no control characters, no
// name of a file, at most 160 bytes.
func tidy(text string) string {
	text = nameInText.ReplaceAllString(text, "")
	text = strings.TrimSpace(strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return -1
		}
		return c
	}, text))
	if len(text) > 160 {
		text = strings.ToValidUTF8(text[:160], "") + "..."
	}
	return text
}
