package document

import (
	_ "embed"
	"encoding/binary"
	"slices"
	"sync"
)

// Licences stand in front of so many works that agreeing in one says nothing,
// even in a catalogue that is too small to show it. What a licence is made of
// is no term, neither of works nor of queries, and counts nothing in a
// passage. The hashes are of the common free licences and of the notices that
// refer to them; the texts themselves are not in the program.
//
// A text that is nothing but such a licence is not recognised as a copy of it.
//
//go:embed boilerplate.bin
var boilerplateHashes []byte

// boilerplate is sorted: the upper halves of keys.
var boilerplate = sync.OnceValue(func() []uint32 {
	all := make([]uint32, len(boilerplateHashes)/4)
	for i := range all {
		all[i] = binary.BigEndian.Uint32(boilerplateHashes[4*i:])
	}
	return all
})

func isBoilerplate(key uint64) bool {
	_, found := slices.BinarySearch(boilerplate(), uint32(key>>32))
	return found
}
