package fingerprint

import (
	"cmp"
	"fmt"
	"time"
)

// Limits bound what one file may cost. The zero value of a field means its
// default, a negative value no limit.
type Limits struct {
	Bytes    int64         // size of the file; default 64 GiB
	Duration time.Duration // length of sound or film; default 24 h
	Pixels   int64         // width times height of a picture or frame; default 200 million
	Pages    int           // pages of a document or pictures of a sequence; default 20,000
	Text     int64         // bytes of text taken from a document; default 256 MiB
	Members  int           // members of an archive, and of a document that is one; default 100,000
	Depth    int           // archives within archives; default 8
	Unpacked int64         // bytes that all members of an archive unpack to; default 16 GiB
	Memory   int64         // of a decoder apart from our process; default 4 GiB
	WallTime time.Duration // for the whole file; default 2 h
}

var defaultLimits = Limits{
	Bytes: 64 << 30, Duration: 24 * time.Hour, Pixels: 200e6, Pages: 20_000, Text: 256 << 20,
	Members: 100_000, Depth: 8, Unpacked: 16 << 30, Memory: 4 << 30, WallTime: 2 * time.Hour,
}

// Effective returns the limits with every zero field replaced by its default.
// A nil l gives the defaults.
func (l *Limits) Effective() Limits {
	if l == nil {
		return defaultLimits
	}
	e := *l
	e.Bytes = cmp.Or(e.Bytes, defaultLimits.Bytes)
	e.Duration = cmp.Or(e.Duration, defaultLimits.Duration)
	e.Pixels = cmp.Or(e.Pixels, defaultLimits.Pixels)
	e.Pages = cmp.Or(e.Pages, defaultLimits.Pages)
	e.Text = cmp.Or(e.Text, defaultLimits.Text)
	e.Members = cmp.Or(e.Members, defaultLimits.Members)
	e.Depth = cmp.Or(e.Depth, defaultLimits.Depth)
	e.Unpacked = cmp.Or(e.Unpacked, defaultLimits.Unpacked)
	e.Memory = cmp.Or(e.Memory, defaultLimits.Memory)
	e.WallTime = cmp.Or(e.WallTime, defaultLimits.WallTime)
	return e
}

// LimitError says which limit a file breached. It is always wrapped in an
// UnscannableError by File and Read.
type LimitError struct {
	Limit string // "pixels", "duration": the field of Limits, in lower case
	Value any    // what the file holds, or asks for, as far as it is known; nil if it is not
	Max   any    // what is allowed
}

func (e *LimitError) Error() string {
	if e.Value == nil {
		return fmt.Sprintf("exceeds the limit of %v %s", e.Max, e.Limit)
	}
	return fmt.Sprintf("%v %s exceed the limit of %v", e.Value, e.Limit, e.Max)
}

// Exceeds returns a LimitError when value is above a limit that is not
// negative, otherwise nil.
func Exceeds[T int | int64 | time.Duration](limit string, value, most T) error {
	if most < 0 || value <= most {
		return nil
	}
	return &LimitError{limit, value, most}
}
