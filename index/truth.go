package index

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
	"github.com/dgraph-io/ristretto/v2/z"
	"github.com/likeness-go/likeness/fingerprint"
)

// Keys of the store. Numbers are big-endian, so that they sort.
//
//	x/<ID>             number of a work
//	m/<number>         its record
//	f/<track>/<chunk>  its fingerprints, in pieces
//	t/<track>          a dead track that lists still hold; the value is its shelf
//	s                  the state
//	g                  the manifest of segment files
var (
	stateKey    = []byte("s")
	manifestKey = []byte("g")
)

func idKey(id string) []byte      { return append([]byte("x/"), id...) }
func recordKey(n uint32) []byte   { return binary.BigEndian.AppendUint32([]byte("m/"), n) }
func tombKey(track uint32) []byte { return binary.BigEndian.AppendUint32([]byte("t/"), track) }
func chunkKey(track, chunk uint32) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("f/"), track), chunk)
}

// chunkSize keeps values under valueThreshold, so that they lie with their
// keys: Badger's separate value log lost values at power cuts (its issues
// 1954 and 2000).
const (
	chunkSize      = 64 << 10
	valueThreshold = 128 << 10
	maxChunks      = 8192 // a work; half a gigabyte of fingerprints
)

// openStore opens the database in dir with a share of memory bytes.
func openStore(dir string, memory int64) (db *badger.DB, err error) {
	o := badger.DefaultOptions(dir)
	o.Logger = nil
	o.SyncWrites = true
	o.DetectConflicts = false // one writer
	o.MetricsEnabled = false
	o.Compression = options.None // fingerprints don't compress; a block cache would only hold compressed ones
	o.BlockCacheSize = 0
	o.IndexCacheSize = memory / 4
	o.MemTableSize = min(max(memory/8, 8<<20), 64<<20)
	o.NumMemtables = 2
	o.BaseTableSize = 4 << 20
	o.ValueLogFileSize = 64 << 20 // stays empty, but is mapped
	o.ValueThreshold = valueThreshold
	o.NumCompactors = 2
	o.ChecksumVerificationMode = options.OnTableAndBlockRead
	// A process killed at the wrong moment leaves a file of length zero, on
	// which Open fails once and which it mends thereby.
	for range 16 {
		err = shield(func() error { db, err = badger.Open(o); return err })
		if err == nil || !strings.Contains(err.Error(), z.NewFile.Error()) {
			break
		}
	}
	switch {
	case err == nil:
		return db, nil
	case strings.Contains(err.Error(), "Another process is using this Badger database"):
		return nil, fmt.Errorf("%w: %s", ErrLocked, dir)
	}
	return nil, fmt.Errorf("index: %s: %w", dir, err)
}

// shield turns a panic of Badger, which corrupt tables can cause, into an error.
func shield(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", ErrCorrupt, r)
		}
	}()
	return f()
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// seal puts a checksum over key and payload in front of the payload, so that
// a damaged or misplaced value is known as such.
func seal(key, payload []byte) []byte {
	sum := crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, payload)
	return append(binary.LittleEndian.AppendUint32(make([]byte, 0, 4+len(payload)), sum), payload...)
}

func unseal(key, value []byte) ([]byte, error) {
	if len(value) < 4 || crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, value[4:]) != binary.LittleEndian.Uint32(value) {
		return nil, fmt.Errorf("%w: value of %q", ErrCorrupt, key)
	}
	return value[4:], nil
}

// get appends what is stored under a key to dst. A missing key gives
// badger.ErrKeyNotFound.
//
// Many goroutines share the read-only transaction of a snapshot. Badger asks
// for one at a time, but Get of a transaction without writes touches none of
// its fields (txn.go, Get); the race detector watches over that in our tests.
func get(txn *badger.Txn, dst, key []byte) ([]byte, error) {
	err := shield(func() error {
		item, err := txn.Get(key)
		if err != nil {
			return err
		}
		return item.Value(func(value []byte) error {
			payload, err := unseal(key, value)
			dst = append(dst, payload...)
			return err
		})
	})
	if err != nil && !errors.Is(err, badger.ErrKeyNotFound) && !errors.Is(err, ErrCorrupt) {
		err = fmt.Errorf("index: store: %w", err)
	}
	return dst, err
}

// getJSON reads a record; a missing one leaves v as it is.
func getJSON(txn *badger.Txn, key []byte, v any) error {
	b, err := get(txn, nil, key)
	if errors.Is(err, badger.ErrKeyNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return unmarshal(key, b, v)
}

// chunks splits an encoded fingerprint, with the number of its work and its
// length in front, into values.
func chunks(number uint32, encoded []byte) [][]byte {
	head := binary.LittleEndian.AppendUint32(nil, number)
	head = binary.LittleEndian.AppendUint32(head, uint32(len(encoded)))
	n := min(len(encoded), chunkSize-len(head))
	all := [][]byte{append(head, encoded[:n]...)}
	for encoded = encoded[n:]; len(encoded) > 0; encoded = encoded[n:] {
		n = min(len(encoded), chunkSize)
		all = append(all, encoded[:n])
	}
	return all
}

func chunkCount(encoded int) int { return (encoded + 8 + chunkSize - 1) / chunkSize }

// readTrack reads a stored fingerprint and the number of its work.
func readTrack(txn *badger.Txn, track uint32) (number uint32, f *fingerprint.Fingerprint, size int, err error) {
	b, err := get(txn, nil, chunkKey(track, 0))
	if err != nil {
		return 0, nil, 0, err
	}
	if len(b) < 8 {
		return 0, nil, 0, fmt.Errorf("%w: track %d", ErrCorrupt, track)
	}
	number, size = binary.LittleEndian.Uint32(b), int(binary.LittleEndian.Uint32(b[4:]))
	if size > maxChunks*chunkSize {
		return 0, nil, 0, fmt.Errorf("%w: track %d has %d bytes", ErrCorrupt, track, size)
	}
	b = append(make([]byte, 0, size), b[8:]...)
	for i := 1; i < chunkCount(size); i++ {
		if b, err = get(txn, b, chunkKey(track, uint32(i))); err != nil {
			return 0, nil, 0, err
		}
	}
	f = new(fingerprint.Fingerprint)
	if err := f.UnmarshalBinary(b); err != nil {
		return 0, nil, 0, fmt.Errorf("%w: track %d: %w", ErrCorrupt, track, err)
	}
	return number, f, size, nil
}
