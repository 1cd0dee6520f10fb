package sound

import (
	"testing"
)

// packed writes numbers as bits reads them.
type packed struct {
	data []byte
	at   int
}

func (w *packed) put(value uint32, n int) *packed {
	for i := range n {
		if w.at%8 == 0 {
			w.data = append(w.data, 0)
		}
		w.data[w.at/8] |= byte(value>>i&1) << (w.at % 8)
		w.at++
	}
	return w
}

// book is a codebook of two entries; lengths are 0 for those not used.
func (w *packed) book(lengths ...uint32) *packed {
	w.put(0, 8).put(0x564342, 24).put(1, 16).put(uint32(len(lengths)), 24).put(0, 1).put(1, 1)
	for _, n := range lengths {
		if n == 0 {
			w.put(0, 1)
		} else {
			w.put(1, 1).put(n-1, 5)
		}
	}
	return w.put(0, 4)
}

func TestHostileSetup(t *testing.T) {
	floor1 := func(w *packed) *packed { // one partition of one dimension, no subclasses
		return w.put(1, 16).put(1, 5).put(0, 4).put(0, 3).put(0, 2).put(0, 8).put(0, 2).put(8, 4).put(77, 8)
	}
	transform := func(w *packed) *packed { return w.put(0, 6).put(0, 16) }
	for _, test := range []struct {
		name string
		w    *packed
		want bool
	}{
		{"sound", floor1(transform(new(packed).book(1, 1)).put(0, 6)), true},
		{"two floors", floor1(floor1(transform(new(packed).book(1, 1)).put(1, 6))), true},
		{"a book without code words, in which the library looks for ever", floor1(transform(new(packed).book(0, 0)).put(0, 6)), false},
		{"floor 0", transform(new(packed).book(1, 1)).put(0, 6).put(0, 64), false},
		{"floor 0 behind floor 1", floor1(transform(new(packed).book(1, 1)).put(1, 6)).put(0, 64), false},
		{"ends within a floor", transform(new(packed).book(1, 1)).put(0, 6).put(1, 16), false},
		{"ends within a book", new(packed).put(0, 8).put(0x564342, 24), false},
		{"more vectors than any encoder makes", new(packed).put(0, 8).put(0x564342, 24).put(1<<15, 16).put(1<<20, 24), false},
	} {
		r := bits{data: test.w.data}
		if got := r.codebooks() && r.floors(); got != test.want {
			t.Errorf("%s: accepted %v", test.name, got)
		}
	}
}
