package align

import (
	"cmp"
	"slices"
)

const (
	digitBits = 11
	digitMask = 1<<digitBits - 1
)

// shifts are where the digits of a vote begin, the lowest first: three of the
// bin, five of the hypothesis and the work.
var shifts = [...]uint{0, 11, 22, 32, 43, 54, 65, 76}

// digit cuts a digit out of the 80-bit number (work, hypothesis, bin).
func (v vote) digit(shift uint) uint64 {
	if shift < 32 {
		return uint64(v.bin) >> shift & digitMask
	}
	return v.line >> (shift - 16) & digitMask
}

// sort orders the kept votes by work, hypothesis and bin. It skips the digits
// that are the same in all of them, which with small numbers are most.
func (t *Tally) sort() {
	if len(t.kept) < 256 { // below, counting digits costs more than comparing
		slices.SortFunc(t.kept, func(a, b vote) int {
			return cmp.Or(cmp.Compare(a.line>>16, b.line>>16), cmp.Compare(a.bin, b.bin))
		})
		return
	}
	t.spare = slices.Grow(t.spare[:0], len(t.kept))[:len(t.kept)]
	var differ vote
	for _, v := range t.kept {
		differ.line |= v.line ^ t.kept[0].line
		differ.bin |= v.bin ^ t.kept[0].bin
	}
	for _, shift := range shifts {
		if differ.digit(shift) != 0 {
			distribute(t.spare, t.kept, shift)
			t.spare, t.kept = t.kept, t.spare
		}
	}
}

// distribute copies votes in the order of one digit; equal ones keep theirs.
func distribute(to, from []vote, shift uint) {
	var next [digitMask + 1]uint32
	for _, v := range from {
		next[v.digit(shift)]++
	}
	sum := uint32(0)
	for i, n := range next {
		next[i], sum = sum, sum+n
	}
	for _, v := range from {
		d := v.digit(shift)
		to[next[d]] = v
		next[d]++
	}
}
