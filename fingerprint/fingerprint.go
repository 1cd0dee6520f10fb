package fingerprint

import (
	"errors"
	"fmt"
)

// A Fingerprint is a sequence of features (code, position) that one algorithm
// found in one track of a medium. It is immutable and safe for concurrent use.
// Its meaning lies in the Spec of its algorithm.
type Fingerprint struct {
	algorithm Algorithm
	kind      Kind
	extent    uint32   // length of the whole medium, in ticks of the Spec
	width     int      // bytes a code
	positions []uint32 // non-decreasing, in ticks
	codes     []byte   // width bytes a feature, in the order of positions
}

const maxWidth = 255 // bytes

// New makes a fingerprint of features that lie column by column: the code of
// feature i is codes[i*width:(i+1)*width]. Positions must not decrease and
// must lie below extent, the length of the medium in ticks, so that an extent
// of 0 holds no feature. A code is 1 to 255 bytes wide. The slices belong to the fingerprint afterwards.
func New(a Algorithm, k Kind, extent uint32, width int, positions []uint32, codes []byte) (*Fingerprint, error) {
	f := &Fingerprint{a, k, extent, width, positions, codes}
	if err := f.check(); err != nil {
		return nil, fmt.Errorf("fingerprint: %s: %w", a, err)
	}
	return f, nil
}

func (f *Fingerprint) check() error {
	switch {
	case !f.algorithm.valid():
		return errors.New("invalid algorithm")
	case f.kind == KindInvalid || int(f.kind) >= len(kindNames):
		return fmt.Errorf("invalid %s", f.kind)
	case f.width < 1 || f.width > maxWidth:
		return fmt.Errorf("code width %d is not in 1..%d bytes", f.width, maxWidth)
	case len(f.codes)%f.width != 0 || len(f.codes)/f.width != len(f.positions):
		return fmt.Errorf("%d bytes of codes for %d features of %d bytes", len(f.codes), len(f.positions), f.width)
	}
	last := uint32(0)
	for i, p := range f.positions {
		if p < last || p >= f.extent {
			return fmt.Errorf("position %d of feature %d is out of order or beyond the extent %d", p, i, f.extent)
		}
		last = p
	}
	return nil
}

// Spec returns the registered spec of the algorithm that made f. The error
// wraps ErrUnknownAlgorithm if there is none, and ErrCorrupt if f cannot be
// the algorithm's work: so a decoded fingerprint is checked by this before
// functions of its spec see it.
func (f *Fingerprint) Spec() (*Spec, error) {
	s, err := SpecOf(f.algorithm)
	if err == nil && (f.kind != s.Kind || f.width != s.Width) {
		err = fmt.Errorf("%w: %s of kind %s with codes of %d bytes, want %s and %d",
			ErrCorrupt, f.algorithm, f.kind, f.width, s.Kind, s.Width)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Algorithm returns the algorithm that made the fingerprint.
func (f *Fingerprint) Algorithm() Algorithm { return f.algorithm }

// Kind returns what the fingerprint describes.
func (f *Fingerprint) Kind() Kind { return f.kind }

// Extent returns the length of the medium in ticks.
func (f *Fingerprint) Extent() uint32 { return f.extent }

// Len returns the number of features.
func (f *Fingerprint) Len() int { return len(f.positions) }

// Width returns the number of bytes in a code.
func (f *Fingerprint) Width() int { return f.width }

// Position returns the position of feature i in ticks.
func (f *Fingerprint) Position(i int) uint32 { return f.positions[i] }

// Code returns the code of feature i. The caller must not change it.
func (f *Fingerprint) Code(i int) []byte {
	return f.codes[i*f.width : (i+1)*f.width : (i+1)*f.width]
}

// Positions returns all positions, in ticks and not decreasing, and Codes all
// codes one after the other. The caller must not change them.
func (f *Fingerprint) Positions() []uint32 { return f.positions }

// Codes returns the codes of all features, Width bytes each.
func (f *Fingerprint) Codes() []byte { return f.codes }
