package index

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
)

var small = settings{memory: 32 << 20, reserve: -1, flush: 1 << 20}

func newIndex(t testing.TB, s settings) *Index {
	t.Helper()
	ix, err := open(t.TempDir(), s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil && !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
	})
	return ix
}

func register(t testing.TB, ix *Index, id string, s *fingerprint.Set) {
	t.Helper()
	if err := ix.Register(t.Context(), Work{ID: id}, s); err != nil {
		t.Fatal(err)
	}
}

// ids looks a query up and returns what it matched.
func ids(t testing.TB, ix *Index, query *fingerprint.Set) []string {
	t.Helper()
	matches, err := ix.Lookup(t.Context(), query, nil)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range matches {
		all = append(all, m.Work.ID)
	}
	return all
}

func TestReplaceAndRemoveAreSeenAtOnce(t *testing.T) {
	ix := newIndex(t, small)
	register(t, ix, "a", song(t, 1))
	register(t, ix, "b", song(t, 1))
	if got, want := ids(t, ix, song(t, 1)), []string{"a", "b"}; !slices.Equal(got, want) {
		t.Errorf("registered: got %v, want %v", got, want)
	}
	register(t, ix, "a", song(t, 2))
	if got, want := ids(t, ix, song(t, 1)), []string{"b"}; !slices.Equal(got, want) {
		t.Errorf("old content of a replaced work: got %v, want %v", got, want)
	}
	if got, want := ids(t, ix, song(t, 2)), []string{"a"}; !slices.Equal(got, want) {
		t.Errorf("new content of a replaced work: got %v, want %v", got, want)
	}
	if err := ix.Remove(t.Context(), "b"); err != nil {
		t.Fatal(err)
	}
	if got := ids(t, ix, song(t, 1)); got != nil {
		t.Errorf("removed: got %v, want nothing", got)
	}
	if err := ix.Remove(t.Context(), "b"); !errors.Is(err, ErrNotFound) {
		t.Errorf("removed again: %v, want ErrNotFound", err)
	}
	if _, err := ix.Work(t.Context(), "b"); !errors.Is(err, ErrNotFound) {
		t.Errorf("removed work: %v, want ErrNotFound", err)
	}
}

func TestUnknownContentMatchesNothing(t *testing.T) {
	ix := newIndex(t, small)
	for i := range uint64(20) {
		register(t, ix, fmt.Sprint(i), song(t, i))
	}
	for i := range uint64(20) {
		if got := ids(t, ix, song(t, 100+i)); got != nil {
			t.Errorf("unknown song %d matched %v", 100+i, got)
		}
	}
	if got := ids(t, ix, set(print(t, windowed, nil))); got != nil {
		t.Errorf("an empty fingerprint matched %v", got)
	}
	if got := ids(t, ix, set(print(t, refined, []uint64{1, 2, 3, 4, 5}))); got != nil {
		t.Errorf("an algorithm that no work has matched %v", got)
	}
}

func TestWorkIsKeptWhole(t *testing.T) {
	dir := t.TempDir()
	ix, err := open(dir, small)
	if err != nil {
		t.Fatal(err)
	}
	want := Work{ID: "作品/1", Title: "Tïtle", Holder: "H", Policy: Track, Territories: []string{"DE", "CN"},
		Registered: time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC), Meta: map[string]string{"isrc": "x"}}
	if err := ix.Register(t.Context(), want, song(t, 1)); err != nil {
		t.Fatal(err)
	}
	register(t, ix, "defaults", song(t, 2))
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	if ix, err = open(dir, small); err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	got, err := ix.Work(t.Context(), want.ID)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}
	other, err := ix.Work(t.Context(), "defaults")
	if err != nil || other.Policy != Review || other.Registered.IsZero() {
		t.Errorf("got %+v, %v, want the policy review and a time", other, err)
	}
	var all []string
	for w, err := range ix.Works(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, w.ID)
	}
	if want := []string{"defaults", "作品/1"}; !slices.Equal(all, want) {
		t.Errorf("works: got %q, want %q", all, want)
	}
}

func TestInvalidWorksAreRefused(t *testing.T) {
	ix := newIndex(t, small)
	for _, w := range []Work{
		{}, {ID: strings.Repeat("x", 513)}, {ID: "a\x00b"}, {ID: "a\nb"}, {ID: "\xff"}, {ID: "a", Title: "\xff"},
		{ID: "a", Meta: map[string]string{"k": "\xff"}}, {ID: "a", Policy: 9}, {ID: "a", Title: strings.Repeat("x", 64<<10)},
	} {
		if err := ix.Register(t.Context(), w, song(t, 1)); !errors.Is(err, ErrInvalidWork) {
			t.Errorf("ID %.20q, title %.20q: %v, want ErrInvalidWork", w.ID, w.Title, err)
		}
	}
	for name, s := range map[string]*fingerprint.Set{"nil": nil, "empty": set(), "no feature": set(print(t, windowed, nil)), "no term": set(print(t, windowed, []uint64{8, 16}))} {
		if err := ix.Register(t.Context(), Work{ID: "a"}, s); !errors.Is(err, ErrNothingToRegister) {
			t.Errorf("%s: %v, want ErrNothingToRegister", name, err)
		}
	}
	if st, err := ix.Stats(); err != nil || st.Works != 0 || st.Sequence != 0 {
		t.Errorf("stats after refusals: %+v, %v", st, err)
	}
}

func TestRegisterAllIsSafeToRepeat(t *testing.T) {
	ix := newIndex(t, small)
	works := func(yield func(Work, *fingerprint.Set) bool) {
		for i := range uint64(300) {
			if !yield(Work{ID: fmt.Sprint(i)}, song(t, i)) {
				return
			}
		}
	}
	for range 2 {
		if err := ix.RegisterAll(t.Context(), works); err != nil {
			t.Fatal(err)
		}
		if st, err := ix.Stats(); err != nil || st.Works != 300 || st.Sequence != 300 || st.Removed != 0 {
			t.Errorf("got %+v, %v, want 300 works after 300 operations", st, err)
		}
	}
	for i := range uint64(300) {
		if got, want := ids(t, ix, song(t, i)), []string{fmt.Sprint(i)}; !slices.Equal(got, want) {
			t.Errorf("song %d: got %v", i, got)
		}
	}
	err := ix.RegisterAll(t.Context(), func(yield func(Work, *fingerprint.Set) bool) {
		_ = yield(Work{ID: "good"}, song(t, 1000)) && yield(Work{ID: "bad"}, set()) && yield(Work{ID: "late"}, song(t, 1001))
	})
	if !errors.Is(err, ErrNothingToRegister) || !strings.Contains(err.Error(), `"bad"`) {
		t.Errorf("got %v, want ErrNothingToRegister of the work bad", err)
	}
	if got := append(ids(t, ix, song(t, 1000)), ids(t, ix, song(t, 1001))...); !slices.Equal(got, []string{"good"}) {
		t.Errorf("after an error: got %v, want the work before it", got)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Run("a second time", func(t *testing.T) {
		ix := newIndex(t, small)
		if _, err := Open(ix.dir, nil); !errors.Is(err, ErrLocked) {
			t.Errorf("got %v, want ErrLocked", err)
		}
		register(t, ix, "still works", song(t, 1))
	})
	t.Run("other files", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "holiday.jpg"), nil, 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir, nil); !errors.Is(err, ErrForeign) || !strings.Contains(err.Error(), "holiday.jpg") {
			t.Errorf("got %v, want ErrForeign", err)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
			t.Errorf("the folder has %d entries now", len(entries))
		}
	})
	for name, c := range map[string]struct {
		format string
		want   error
	}{"newer": {"likeness index 2\n", ErrVersion}, "foreign": {"MZ\x90", ErrForeign}, "no number": {"likeness index x", ErrForeign}} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "FORMAT"), []byte(c.format), 0o666); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(dir, nil); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

// An index of algorithms that the program has not, or not in this version.
func TestAlgorithmsMustAgree(t *testing.T) {
	for _, a := range []fingerprint.Algorithm{{Name: "test-windowed", Version: 2}, {Name: "test-lost", Version: 1}} {
		ix := newIndex(t, small)
		s := ix.present().state
		s.Shelves = []shelfState{{Algorithm: a.String(), Tracks: 1}}
		if err := ix.store(nil, []entry{{stateKey, seal(stateKey, marshal(s))}}); err != nil {
			t.Fatal(err)
		}
		if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
		_, err := Open(ix.dir, nil)
		var ae *AlgorithmError
		if !errors.As(err, &ae) || ae.Index != a {
			t.Errorf("%s: got %v, want an AlgorithmError", a, err)
		}
		if a.Version == 2 && (!strings.Contains(err.Error(), "test-windowed/2") || !strings.Contains(err.Error(), "test-windowed/1")) {
			t.Errorf("%v does not name both", err)
		}
	}
	ix := newIndex(t, small)
	register(t, ix, "a", song(t, 1))
	ix.current.state.Shelves[0].Algorithm = "test-windowed/2"
	var ae *AlgorithmError
	if _, err := ix.Lookup(t.Context(), song(t, 1), nil); !errors.As(err, &ae) {
		t.Errorf("lookup: %v, want an AlgorithmError", err)
	}
	if err := ix.Register(t.Context(), Work{ID: "b"}, song(t, 2)); !errors.As(err, &ae) {
		t.Errorf("register: %v, want an AlgorithmError", err)
	}
}

func TestFullDiskIsRefused(t *testing.T) {
	ix := newIndex(t, small)
	register(t, ix, "a", song(t, 1))
	ix.set.reserve = 1 << 60
	var se *SpaceError
	if err := ix.Register(t.Context(), Work{ID: "b"}, song(t, 2)); !errors.As(err, &se) || se.Need < 1<<60 {
		t.Errorf("got %v, want a SpaceError", err)
	}
	if got := ids(t, ix, song(t, 2)); got != nil {
		t.Errorf("a refused work matched: %v", got)
	}
	ix.set.reserve = -1
	register(t, ix, "b", song(t, 2))
}

func TestCancelledContexts(t *testing.T) {
	ix := newIndex(t, small)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := ix.Register(ctx, Work{ID: "a"}, song(t, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("register: %v", err)
	}
	if err := ix.RegisterAll(ctx, func(yield func(Work, *fingerprint.Set) bool) { yield(Work{ID: "a"}, song(t, 1)) }); !errors.Is(err, context.Canceled) {
		t.Errorf("register all: %v", err)
	}
	register(t, ix, "b", song(t, 2))
	if _, err := ix.Lookup(ctx, song(t, 2), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("lookup: %v", err)
	}
	for _, err := range ix.Works(ctx) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("works: %v", err)
		}
	}
	if st, err := ix.Stats(); err != nil || st.Works != 1 {
		t.Errorf("got %d works, %v, want 1", st.Works, err)
	}
}

func TestClosed(t *testing.T) {
	ix := newIndex(t, small)
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	if err := ix.Register(t.Context(), Work{ID: "a"}, song(t, 1)); err != ErrClosed {
		t.Errorf("register: %v, want ErrClosed", err)
	}
	if _, err := ix.Lookup(t.Context(), song(t, 1), nil); err != ErrClosed {
		t.Errorf("lookup: %v, want ErrClosed", err)
	}
	if err := ix.Close(); err != ErrClosed {
		t.Errorf("close: %v, want ErrClosed", err)
	}
}

// An answer that leaves something out says so.
func TestLimitsAreReported(t *testing.T) {
	ix := newIndex(t, small)
	for i := range uint64(30) {
		register(t, ix, fmt.Sprint(i), song(t, i%3))
	}
	for name, c := range map[string]struct {
		o     LookupOptions
		check func(LookupStats) bool
	}{
		"defaults": {LookupOptions{}, func(s LookupStats) bool { return s.Complete() && s.Candidates >= 10 && s.Postings > 0 }},
		"cap":      {LookupOptions{TermCap: 5}, func(s LookupStats) bool { return s.StopTerms > 0 && s.OverBudget == 0 }},
		"budget":   {LookupOptions{Budget: 50}, func(s LookupStats) bool { return s.OverBudget > 0 && s.Postings <= 4*50 }},
		"matches":  {LookupOptions{MaxMatches: 4}, func(s LookupStats) bool { return s.Dropped == 6 }},
		"kinds":    {LookupOptions{Kinds: []fingerprint.Kind{fingerprint.Picture}}, func(s LookupStats) bool { return s.Fingerprints == 0 }},
	} {
		var stats LookupStats
		c.o.Stats = &stats
		if _, err := ix.Lookup(t.Context(), song(t, 1), &c.o); err != nil || !c.check(stats) {
			t.Errorf("%s: %+v, error %v", name, stats, err)
		}
	}
}

// Readers never see less than what was registered before they began, nor a
// replaced work twice or not at all.
func TestReadersDuringWrites(t *testing.T) {
	ix := newIndex(t, settings{memory: 32 << 20, reserve: -1, flush: 500})
	register(t, ix, "changing", song(t, 0))
	var registered atomic.Uint64
	done := make(chan struct{})
	var wg sync.WaitGroup
	for n := range uint64(10) {
		wg.Go(func() {
			for i := n; ; i++ {
				select {
				case <-done:
					return
				default:
				}
				if top := registered.Load(); top > 0 {
					want := 1 + i%top
					if got := ids(t, ix, song(t, want)); !slices.Equal(got, []string{fmt.Sprint(want)}) {
						t.Errorf("song %d: got %v", want, got)
						return
					}
				}
				// The changing work has the codes of song 0 in each of its versions.
				if got := ids(t, ix, song(t, 0)); !slices.Equal(got, []string{"changing"}) {
					t.Errorf("changing work: got %v", got)
					return
				}
			}
		})
	}
	base := song(t, 0).Fingerprints[0]
	for i := range uint64(150) {
		register(t, ix, fmt.Sprint(i+1), song(t, i+1))
		registered.Store(i + 1)
		if i%3 == 0 {
			register(t, ix, "changing", set(base, print(t, refined, []uint64{i, 2, 3})))
		}
	}
	close(done)
	wg.Wait()
}

// A film of many megabytes takes several transactions, and is there whole.
func TestLargeWork(t *testing.T) {
	ix := newIndex(t, small)
	codes := make([]uint64, 1<<20)
	for i := range codes {
		codes[i] = uint64(i) * 8 // no term
	}
	for i := range 1000 {
		codes[i*1000] = uint64(i)*7919*8 + 1
	}
	large := set(print(t, windowed, codes))
	register(t, ix, "large", large)
	register(t, ix, "large", set(large.Fingerprints[0], print(t, refined, []uint64{1, 2, 3, 4})))
	c, err := ix.track(ix.present(), 1)
	if err != nil || !reflect.DeepEqual(c.f.Codes(), large.Fingerprints[0].Codes()) {
		t.Errorf("the stored fingerprint differs, error %v", err)
	}
	if _, _, _, err := readTrack(ix.present().txn, 0); err == nil {
		t.Error("the replaced fingerprint is still there")
	}
}

func TestDeadSet(t *testing.T) {
	d := &dead{}
	e := d.change([]uint32{3, 5000, 1 << 20}, true).change([]uint32{3, 4}, false)
	if d.has(3) || e.has(3) || !e.has(5000) || !e.has(1<<20) || e.has(5001) || e.has(1<<31) || e.count != 2 {
		t.Errorf("wrong members: %+v", e)
	}
}
