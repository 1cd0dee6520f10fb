package index

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/likeness-go/likeness/fingerprint"
)

// A random history of an index, at any size of its lists in memory, gives the
// answers of Compare.
func TestIndexAgreesWithCompare(t *testing.T) {
	for _, flush := range []int{1, 400, 3000, 1 << 30} {
		t.Run(fmt.Sprintf("flush at %d", flush), func(t *testing.T) {
			t.Parallel()
			h := &history{t: t, r: rand.New(rand.NewPCG(uint64(flush), 1)), dir: t.TempDir(), works: map[string]*fingerprint.Set{}}
			h.set = settings{memory: 32 << 20, reserve: -1, flush: flush}
			h.open()
			for range 150 {
				h.step()
			}
			h.reopen()
			h.lookup()
			if h.found < 20 {
				t.Errorf("only %d matches: the test shows little", h.found)
			}
			if err := h.ix.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// history does what it does to an index to a map as well.
type history struct {
	t     *testing.T
	r     *rand.Rand
	dir   string
	set   settings
	ix    *Index
	works map[string]*fingerprint.Set
	found int
}

func (h *history) open() {
	h.t.Helper()
	var err error
	if h.ix, err = open(h.dir, h.set); err != nil {
		h.t.Fatal(err)
	}
}

func (h *history) reopen() {
	if err := h.ix.Close(); err != nil {
		h.t.Fatal(err)
	}
	h.open()
}

func (h *history) step() {
	id := fmt.Sprintf("work %d", h.r.IntN(40))
	switch n := h.r.IntN(20); {
	case n < 9:
		s := h.random()
		if err := h.ix.Register(h.t.Context(), Work{ID: id}, s); err != nil {
			h.t.Fatal(err)
		}
		h.works[id] = s
	case n < 11:
		err := h.ix.Remove(h.t.Context(), id)
		if _, known := h.works[id]; known && err != nil || !known && !errors.Is(err, ErrNotFound) {
			h.t.Fatalf("remove %q, known %t: %v", id, known, err)
		}
		delete(h.works, id)
	case n < 13:
		err := h.ix.RegisterAll(h.t.Context(), func(yield func(Work, *fingerprint.Set) bool) {
			for range h.r.IntN(10) {
				id, s := fmt.Sprintf("work %d", h.r.IntN(40)), h.random()
				h.works[id] = s
				if !yield(Work{ID: id}, s) {
					return
				}
			}
		})
		if err != nil {
			h.t.Fatal(err)
		}
	case n == 13:
		h.reopen()
	default:
		h.lookup()
	}
}

// random is a set of one to three fingerprints, made of pieces of few songs,
// so that works have parts in common.
func (h *history) random() *fingerprint.Set {
	s := &fingerprint.Set{}
	for range 1 + h.r.IntN(3) {
		var codes []uint64
		for range 1 + h.r.IntN(4) {
			song := randomCodes(rand.New(rand.NewPCG(h.r.Uint64N(12), 7)), 100)
			from := h.r.IntN(90)
			codes = append(codes, song[from:from+h.r.IntN(100-from)+1]...)
		}
		a := windowed
		if h.r.IntN(3) == 0 {
			a = refined
		}
		s.Fingerprints = append(s.Fingerprints, print(h.t, a, append(codes, 1)))
	}
	return s
}

func (h *history) lookup() {
	h.t.Helper()
	query := h.random()
	stats := LookupStats{}
	o := everything
	o.Stats = &stats
	got, err := h.ix.Lookup(h.t.Context(), query, &o)
	if err != nil {
		h.t.Fatal(err)
	}
	for i := range got {
		got[i].Work = Work{ID: got[i].Work.ID}
	}
	want := bruteForce(h.t, h.works, query)
	for _, all := range [][]Match{got, want} {
		slices.SortFunc(all, func(a, b Match) int { return cmp.Compare(a.Work.ID, b.Work.ID) })
		for i := range all {
			all[i].Explained = math.Round(1e9*all[i].Explained) / 1e9 // sums in another order
		}
	}
	if len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
		h.t.Fatalf("lookup gave\n%+v\nwant\n%+v", got, want)
	}
	if !stats.Complete() {
		h.t.Fatalf("incomplete without limits: %+v", stats)
	}
	h.found += len(got)
	if st, err := h.ix.Stats(); err != nil || st.Works != len(h.works) {
		h.t.Fatalf("stats: %d works, error %v, want %d", st.Works, err, len(h.works))
	}
}
