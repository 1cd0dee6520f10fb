package postings

import (
	"bytes"
	"encoding/binary"
	"errors"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

var update = flag.Bool("update", false, "write the golden segment anew")

// random makes sorted postings; the fewer bits a key has, the longer the lists.
func random(r *rand.Rand, n, keyBits int) []Posting {
	ps := make([]Posting, n)
	for i := range ps {
		ps[i] = Posting{r.Uint64() >> (64 - keyBits), r.Uint32N(1000), r.Uint32N(1 << r.UintN(32)), uint16(r.UintN(1 << r.UintN(17)))}
	}
	Sort(ps)
	return ps
}

func build(t testing.TB, ps []Posting) *Segment {
	t.Helper()
	s, err := Build(ps, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	s, err = Open(s.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// naive is the list of a key by looking at everything.
func naive(ps []Posting, key uint64) []Posting {
	var list []Posting
	for _, p := range ps {
		if p.Key == key {
			list = append(list, p)
		}
	}
	return list
}

func TestFindAgreesWithALook(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 127, 128, 129, 1000, 5000} {
		for _, bits := range []int{1, 3, 8, 12, 33, 64} {
			ps := random(r, n, bits)
			s := build(t, ps)
			keys := []uint64{0, 1, math.MaxUint64}
			for range 300 {
				keys = append(keys, r.Uint64()>>(64-bits))
				if n > 0 {
					keys = append(keys, ps[r.IntN(n)].Key)
				}
			}
			slices.Sort(keys)
			keys = slices.Compact(keys)
			ranges, err := s.Find(nil, keys)
			if err != nil {
				t.Fatal(err)
			}
			for i, key := range keys {
				var got []Posting
				if len(ranges) > 0 && ranges[0].Key == i {
					if got, err = s.Append(nil, ranges[0].From, ranges[0].To); err != nil {
						t.Fatal(err)
					}
					ranges = ranges[1:]
				}
				if want := naive(ps, key); !slices.Equal(got, want) {
					t.Fatalf("%d postings of %d bits: list of %#x has %d postings, want %d", n, bits, key, len(got), len(want))
				}
			}
		}
	}
}

func TestMergeKeepsAllButTheDropped(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var all []Posting
	var segments []*Segment
	for _, n := range []int{700, 0, 1, 128, 3000} {
		ps := random(r, n, 10)
		all = append(all, ps...)
		segments = append(segments, build(t, ps))
	}
	drop := func(track uint32) bool { return track%3 == 0 }
	all = slices.DeleteFunc(all, func(p Posting) bool { return drop(p.Track) })
	Sort(all)
	var out buffer
	b := NewBuilder(&out, 5, 77)
	if err := Merge(b, segments, drop, func() error { return nil }); err != nil {
		t.Fatal(err)
	}
	if err := b.Finish(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(out)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Append(nil, 0, uint32(s.Len()))
	if err != nil || !slices.Equal(got, all) {
		t.Errorf("merged %d postings (error %v), want %d", len(got), err, len(all))
	}
	if from, to := s.Tracks(); from != 5 || to != 77 {
		t.Errorf("tracks %d to %d, want 5 to 77", from, to)
	}
	if err := s.Check(); err != nil {
		t.Error(err)
	}
	stopped := errors.New("stopped")
	if err := Merge(NewBuilder(&out, 0, 1), segments, drop, func() error { return stopped }); err != stopped {
		t.Errorf("stopped merge: %v, want %v", err, stopped)
	}
}

func TestBuilderRefusesDisorder(t *testing.T) {
	if _, err := Build([]Posting{{Key: 2}, {Key: 1}}, 0, 1); err == nil {
		t.Error("postings out of order were taken")
	}
}

// Every flipped bit is an error, or changes nothing that is read.
func TestFlippedBits(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	ps := random(r, 300, 20)
	whole := build(t, ps).Bytes()
	for bit := range 8 * len(whole) {
		data := slices.Clone(whole)
		data[bit/8] ^= 1 << (bit % 8)
		s, err := Open(data)
		if err != nil {
			if !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrVersion) {
				t.Fatalf("bit %d: %v is neither ErrCorrupt nor ErrVersion", bit, err)
			}
			continue
		}
		got, err := s.Append(nil, 0, uint32(s.Len()))
		if err == nil && !slices.Equal(got, ps) {
			t.Fatalf("bit %d of byte %d gave a wrong answer", bit%8, bit/8)
		}
	}
}

func TestAnotherVersionIsRefused(t *testing.T) {
	data := slices.Clone(build(t, random(rand.New(rand.NewPCG(7, 8)), 10, 8)).Bytes())
	data[len(data)-1] = 9
	if _, err := Open(data); !errors.Is(err, ErrVersion) {
		t.Errorf("got %v, want ErrVersion", err)
	}
}

// The bytes of version 1 stay readable, and stay what they are.
func TestGoldenSegment(t *testing.T) {
	ps := random(rand.New(rand.NewPCG(9, 10)), 500, 24)
	const name = "testdata/backcompat/segment-1.seg"
	got := build(t, ps).Bytes()
	if *update {
		if err := os.WriteFile(name, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the encoding of version %d changed", version)
	}
	s, err := Open(want)
	if err != nil {
		t.Fatal(err)
	}
	old, err := s.Append(nil, 0, uint32(s.Len()))
	if err != nil || !slices.Equal(old, ps) {
		t.Errorf("read %d postings, error %v; want the %d that were written", len(old), err, len(ps))
	}
}

// Whatever the bytes: no panic, neither in opening nor in searching.
func FuzzOpen(f *testing.F) {
	r := rand.New(rand.NewPCG(11, 12))
	for _, n := range []int{0, 1, 128, 300} {
		f.Add(build(f, random(r, n, 16)).Bytes(), uint64(r.Uint32()))
	}
	f.Fuzz(func(t *testing.T, data []byte, key uint64) {
		s, err := OpenTrusted(data) // trusted, so that wrong blocks are read
		if err != nil {
			return
		}
		if _, err := s.Find(nil, []uint64{key / 2, key/2 + 1, key | 1<<63}); err == nil {
			_ = s.Check()
		}
	})
}

// A block of any bytes is refused or read without a panic; what is written is
// read again.
func FuzzBlock(f *testing.F) {
	f.Add(appendBlock(nil, random(rand.New(rand.NewPCG(13, 14)), 128, 40)), uint8(127))
	f.Add([]byte("0123456789abcdef"), uint8(0))
	f.Fuzz(func(t *testing.T, data []byte, last uint8) {
		n := int(last)%BlockSize + 1
		padded := append(slices.Clone(data), make([]byte, margin)...)
		if b, err := parse(padded, len(data), n, 1); err == nil {
			for i := range n {
				b.posting(i)
			}
			b.from(0, b.posting(n-1).Key, true)
		}
		var ps []Posting
		for i := 0; i+18 <= len(data) && len(ps) < n; i += 18 {
			le := binary.LittleEndian
			ps = append(ps, Posting{le.Uint64(data[i:]), le.Uint32(data[i+8:]), le.Uint32(data[i+12:]), le.Uint16(data[i+16:])})
		}
		if len(ps) == 0 {
			return
		}
		Sort(ps)
		enc := appendBlock(nil, ps)
		b, err := parse(append(enc, make([]byte, margin)...), len(enc), len(ps), ps[0].Key)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range ps {
			if got := b.posting(i); got != p {
				t.Fatalf("posting %d: got %v, want %v", i, got, p)
			}
		}
	})
}

// skewed draws keys of 30 bits with p(rank) ~ rank^-2/3, as landmarks were
// modelled when the layout was chosen, and 9,600 postings a track.
func skewed(n int) []Posting {
	r := rand.New(rand.NewPCG(15, 16))
	ps := make([]Posting, n)
	for i := range ps {
		u := r.Float64()
		rank := uint64(float64(1<<30) * u * u * u)
		ps[i] = Posting{Key: rank * 0x9e3779b97f4a7c15 >> 34, Track: uint32(i / 9600), Position: uint32(i % 9600)}
	}
	Sort(ps)
	return ps
}

func BenchmarkBuild(b *testing.B) {
	ps := skewed(1e6)
	b.ReportAllocs()
	for b.Loop() {
		s := build(b, ps)
		b.ReportMetric(float64(len(s.Bytes()))/float64(len(ps)), "bytes/posting")
	}
	b.ReportMetric(float64(len(ps)*b.N)/b.Elapsed().Seconds(), "postings/s")
}

func BenchmarkMerge(b *testing.B) {
	ps := skewed(1e6)
	parts := make([][]Posting, 8)
	for i, p := range ps {
		parts[i%8] = append(parts[i%8], p)
	}
	var segments []*Segment
	for _, p := range parts {
		segments = append(segments, build(b, p))
	}
	b.ReportAllocs()
	for b.Loop() {
		out := make(buffer, 0, 8*len(ps))
		m := NewBuilder(&out, 0, 1)
		if err := Merge(m, segments, func(uint32) bool { return false }, func() error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(ps)*b.N)/b.Elapsed().Seconds(), "postings/s")
}

// BenchmarkFind looks up 2,000 terms, half of them present as drawn, half at random.
func BenchmarkFind(b *testing.B) {
	for _, n := range []int{1e6, 1e7} {
		b.Run(map[int]string{1e6: "1e6", 1e7: "1e7"}[n], func(b *testing.B) {
			ps := skewed(n)
			s := build(b, ps)
			r := rand.New(rand.NewPCG(17, 18))
			queries := make([][]uint64, 64)
			for q := range queries {
				for i := range 2000 {
					key := r.Uint64() >> 34
					if i%2 == 0 {
						key = ps[r.IntN(n)].Key
					}
					queries[q] = append(queries[q], key)
				}
				slices.Sort(queries[q])
				queries[q] = slices.Compact(queries[q])
			}
			b.ReportMetric(float64(len(s.Bytes()))/float64(n), "bytes/posting")
			var ranges []Range
			var list []Posting
			found, q := 0, 0
			b.ReportAllocs()
			for b.Loop() {
				ranges, _ = s.Find(ranges[:0], queries[q%len(queries)])
				for _, g := range ranges {
					list, _ = s.Append(list[:0], g.From, g.To)
					found += len(list)
				}
				q++
			}
			b.ReportMetric(float64(found)/float64(b.N), "postings/lookup")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/2000, "ns/term")
			b.ReportMetric(float64(len(s.Bytes()))/float64(n), "bytes/posting")
		})
	}
}
