package fingerprint

import (
	"errors"
	"fmt"
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

func (e *UnscannableError) Error() string { return fmt.Sprintf("%s: %s", e.Name, e.Reason) }

func (e *UnscannableError) Unwrap() error { return e.Err }
