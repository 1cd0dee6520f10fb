package index

import (
	"errors"
	"fmt"

	"github.com/likeness-go/likeness/fingerprint"
)

var (
	// ErrNotFound is wrapped when no work has the given ID.
	ErrNotFound = errors.New("index: no such work")

	// ErrNothingToRegister is wrapped when nothing in a Set could ever be
	// found again: silence, a blank page, or no fingerprint at all.
	ErrNothingToRegister = errors.New("index: nothing to register: no usable feature")

	// ErrInvalidWork is wrapped when a Work breaks the rules of its fields.
	ErrInvalidWork = errors.New("index: invalid work")

	// ErrLocked is wrapped by Open when another process, or another Index of
	// this one, has the index open.
	ErrLocked = errors.New("index: already open")

	// ErrForeign is wrapped by Open when a folder holds something else.
	ErrForeign = errors.New("index: not an index")

	// ErrVersion is wrapped by Open when an index was written in a format
	// that this release does not know.
	ErrVersion = errors.New("index: unknown format version")

	// ErrCorrupt is wrapped when stored bytes are damaged. Damaged inverted
	// lists are made anew by the next Open; damage elsewhere stays an error.
	ErrCorrupt = errors.New("index: damaged")

	// ErrClosed is returned by the methods of a closed Index.
	ErrClosed = errors.New("index: closed")
)

// AlgorithmError says that an index holds works of one version of an
// algorithm, and the program brings another: they would never match.
type AlgorithmError struct {
	Index   fingerprint.Algorithm   // in the index
	Program []fingerprint.Algorithm // what the program has under that name; none: forgotten import?
}

func (e *AlgorithmError) Error() string {
	if len(e.Program) == 0 {
		return fmt.Sprintf("index: holds works of %s, which this program lacks (forgotten import?)", e.Index)
	}
	return fmt.Sprintf("index: holds works of %s, this program has %v", e.Index, e.Program)
}

// SpaceError says that a write was refused because the disk is nearly full.
// Nothing was changed. A disk that runs full under the store would end the
// process.
type SpaceError struct {
	Dir        string
	Free, Need int64 // bytes
}

func (e *SpaceError) Error() string {
	return fmt.Sprintf("index: %d MB free in %s, need %d MB", e.Free>>20, e.Dir, e.Need>>20)
}
