package transcode

import (
	"bytes"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

const (
	maxLine   = 4 << 10 // bytes of a message that are looked at
	maxErrors = 16      // messages of errors that are kept: the first ones, the cause comes first
)

// report is what ffmpeg says of a file. It takes the messages as an
// io.Writer, keeps what is needed and forgets the rest, however much it is.
type report struct {
	version    string
	duration   time.Duration // by the container; 0 if it is not known
	sound      bool          // there is a sound track
	frames     bool          // there are pictures that are no cover
	width      int           // of the first film track
	height     int
	opened     bool
	streams    int // of any kind, but for covers
	encrypted  bool
	estimated  bool     // the duration is a guess from the bit rate
	errors     []string // "mov: moov atom not found"
	errorCount int

	limits  media.Limits
	wants   tracks
	inInput bool // within the description of the input
	line    []byte
}

// Write takes messages, and fails with a LimitError when the description of
// the file breaches a limit, before anything is decoded in full.
func (r *report) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		line, after, ended := bytes.Cut(rest, []byte{'\n'})
		r.line = append(r.line, line[:min(len(line), maxLine-len(r.line))]...)
		rest = after
		if !ended {
			break
		}
		err := r.message(string(r.line))
		r.line = r.line[:0]
		if err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// A message looks like "[mov,mp4 @ 0x55] [error] moov atom not found".
var messagePattern = regexp.MustCompile(`^(?:\[([\w,]+) @ [^\]]*\] )*\[(\w+)\] (.*)$`)

func (r *report) message(line string) error {
	m := messagePattern.FindStringSubmatch(strings.TrimRight(line, "\r"))
	if m == nil {
		return nil
	}
	from, level, text := m[1], m[2], m[3]
	switch level {
	case "info":
		return r.describe(text)
	case "warning":
		if strings.HasPrefix(text, "Estimating duration from bitrate") {
			r.estimated = true
		}
	case "error", "fatal", "panic":
		if r.errorCount++; len(r.errors) < maxErrors {
			if from != "" {
				text = from + ": " + text
			}
			r.errors = append(r.errors, text)
		}
	}
	return nil
}

func (r *report) describe(text string) error {
	switch {
	case strings.HasPrefix(text, "ffmpeg version "):
		r.version = version(text)
	case strings.HasPrefix(text, "Input #0"):
		r.opened, r.inInput = true, true
	case strings.HasPrefix(text, "Output #"), strings.HasPrefix(text, "Stream mapping"):
		r.inInput = false
	case r.inInput && strings.HasPrefix(text, "  Duration: "):
		return r.length(text)
	case r.inInput && strings.HasPrefix(text, "  Stream #0:"):
		return r.stream(text)
	}
	return nil
}

var (
	versionPattern = regexp.MustCompile(`^ffmpeg version (?:n?(\d+(?:\.\d+)*)|(\S+))`)
	lengthPattern  = regexp.MustCompile(`^  Duration: (\d{1,6}):(\d\d):(\d\d)\.(\d\d)\b`)
	sizePattern    = regexp.MustCompile(`[ ,](\d{1,9})x(\d{1,9})(?:[ ,\[]|$)`)
	sealedPattern  = regexp.MustCompile(`\((?:encv|enca|drms|drmi|aavd) / `)
)

func version(text string) string {
	m := versionPattern.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	return m[1] + m[2]
}

func (r *report) length(text string) error {
	m := lengthPattern.FindStringSubmatch(text)
	if m == nil {
		return nil // "N/A"
	}
	var part [4]time.Duration // at most 6 digits each: no error, no overflow
	for i := range part {
		n, err := strconv.Atoi(m[i+1])
		if err != nil {
			return errors.New("unreadable duration " + m[0])
		}
		part[i] = time.Duration(n)
	}
	r.duration = part[0]*time.Hour + part[1]*time.Minute + part[2]*time.Second + part[3]*10*time.Millisecond
	if r.estimated {
		return nil // the limit is kept by counting
	}
	return fingerprint.Exceeds("duration", r.duration, r.limits.Duration)
}

func (r *report) stream(text string) error {
	_, kind, _ := strings.Cut(text, ": ")
	if strings.HasSuffix(kind, "(attached pic)") {
		return nil
	}
	r.streams++
	r.encrypted = r.encrypted || sealedPattern.MatchString(kind)
	switch {
	case strings.HasPrefix(kind, "Audio: "):
		r.sound = true
	case strings.HasPrefix(kind, "Video: ") && !r.frames:
		r.frames = true
		return r.size(kind)
	}
	return nil
}

func (r *report) size(kind string) error {
	m := sizePattern.FindStringSubmatch(kind)
	if m == nil {
		return nil
	}
	r.width, _ = strconv.Atoi(m[1]) // at most nine digits
	r.height, _ = strconv.Atoi(m[2])
	if !r.wants.frames {
		return nil
	}
	return fingerprint.Exceeds("pixels", int64(r.width)*int64(r.height), r.limits.Pixels)
}

// shows says which of the wanted tracks the file has.
func (r *report) shows() tracks {
	return tracks{sound: r.sound && r.wants.sound, frames: r.frames && r.wants.frames}
}
