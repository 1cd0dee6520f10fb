package fingerprint

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

var (
	// ErrUnknownAlgorithm is wrapped when a fingerprint was made by an
	// algorithm that no imported package implements.
	ErrUnknownAlgorithm = errors.New("fingerprint: unknown algorithm")

	// ErrCorrupt is wrapped when an encoded fingerprint or set is damaged.
	ErrCorrupt = errors.New("fingerprint: corrupt encoding")

	// ErrEncodingVersion is wrapped when an encoding is of a version that
	// this release does not read.
	ErrEncodingVersion = errors.New("fingerprint: unknown encoding version")

	// ErrIncomparable is wrapped by Compare when two fingerprints were made
	// by different algorithms.
	ErrIncomparable = errors.New("fingerprint: fingerprints of different algorithms")
)

// UnscannableError says that a file could not be read, so that nothing is
// known of what it holds. It is an answer of its own, never "no match".
type UnscannableError struct {
	Name   string // of the file
	Reason string // one line: what is wrong with it
	Err    error  // the cause, if there is one: a *LimitError, fs.ErrPermission
}

// Error returns the name and the reason in one line, whatever a stranger put
// into them.
func (e *UnscannableError) Error() string { return oneLine(e.Name + ": " + e.Reason) }

func (e *UnscannableError) Unwrap() error { return e.Err }

// A PanicError is the cause of an UnscannableError when a decoder written in
// Go panicked on the file. It is a bug to be reported, but not one that a
// hostile file may stop a server with.
type PanicError struct {
	Value any    // what recover returned
	Stack []byte // of the goroutine, as debug.Stack formats it
}

func (e *PanicError) Error() string { return fmt.Sprintf("decoder panicked: %v", e.Value) }

// oneLine replaces control characters, which could forge lines of a log or
// drive a terminal.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}
