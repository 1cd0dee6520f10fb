package fingerprint

import (
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
	Depth    int           // archives within archives, elements within elements; default 8 archives, 1,000 elements
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
	fill(&e.Bytes, defaultLimits.Bytes)
	fill(&e.Duration, defaultLimits.Duration)
	fill(&e.Pixels, defaultLimits.Pixels)
	fill(&e.Pages, defaultLimits.Pages)
	fill(&e.Text, defaultLimits.Text)
	fill(&e.Members, defaultLimits.Members)
	fill(&e.Depth, defaultLimits.Depth)
	fill(&e.Unpacked, defaultLimits.Unpacked)
	fill(&e.Memory, defaultLimits.Memory)
	fill(&e.WallTime, defaultLimits.WallTime)
	return e
}

func fill[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
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
