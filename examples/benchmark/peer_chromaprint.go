package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/bits"
	"os/exec"
	"slices"

	"github.com/likeness-go/likeness/fingerprint"
)

// chromaprint is AcoustID's fpcalc with a matcher like AcoustID's: the first
// 16 bits of each subfingerprint vote on (work, offset), the 200 best
// alignments are judged by the lowest share of wrong bits in a window of 64.
type chromaprint struct {
	kinds
	shelf   shelf[[]uint32]
	prefix  map[uint32][]place
	indexed int // works whose prefixes are in the map
}

type place struct{ work, at int32 }

// subfingerprint is the time between two, in seconds.
const subfingerprint = 4096.0 / 3 / 11025

func newChromaprint() *chromaprint {
	return &chromaprint{kinds: kinds{fingerprint.Audio}, prefix: map[uint32][]place{}}
}

func (c *chromaprint) Name() string   { return "chromaprint" }
func (c *chromaprint) Missing() error { return installed("fpcalc") }
func (c *chromaprint) Close() error   { return nil }

func fpcalc(ctx context.Context, path string) ([]uint32, error) {
	out, err := exec.CommandContext(ctx, "fpcalc", "-raw", "-json", "-length", "0", path).Output()
	if err != nil {
		return nil, fmt.Errorf("fpcalc: %w", err)
	}
	var parsed struct {
		Fingerprint []uint32 `json:"fingerprint"`
	}
	err = json.Unmarshal(out, &parsed)
	return parsed.Fingerprint, err
}

func (c *chromaprint) Register(ctx context.Context, s source) error {
	f, err := fpcalc(ctx, s.Path)
	if err == nil {
		c.shelf.add(s.ID, f)
	}
	return err
}

// index files what came to the shelf since it was last called.
func (c *chromaprint) index() {
	for ; c.indexed < len(c.shelf.works); c.indexed++ {
		for i, x := range c.shelf.works[c.indexed].v {
			c.prefix[x>>16] = append(c.prefix[x>>16], place{int32(c.indexed), int32(i)})
		}
	}
}

func (c *chromaprint) Query(ctx context.Context, q query) ([]answer, error) {
	f, err := fpcalc(ctx, q.Path)
	if err != nil {
		return nil, err
	}
	return c.search(f), nil
}

// search returns the works that a fingerprint may show, the best first.
func (c *chromaprint) search(f []uint32) []answer {
	c.index()
	votes := map[place]int{} // at: offset of the work
	for i, x := range f {
		for _, p := range c.prefix[x>>16] {
			votes[place{p.work, p.at - int32(i)}]++
		}
	}
	lines := make([]place, 0, len(votes))
	for p := range votes {
		lines = append(lines, p)
	}
	slices.SortFunc(lines, func(a, b place) int {
		return cmp.Or(cmp.Compare(votes[b], votes[a]), cmp.Compare(a.work, b.work), cmp.Compare(a.at, b.at))
	})
	top := map[int32]answer{}
	for _, p := range lines[:min(200, len(lines))] {
		if a := c.align(f, p); a.Score > top[p.work].Score {
			top[p.work] = a
		}
	}
	var all []answer
	for _, a := range top {
		all = append(all, a)
	}
	return best(all)
}

// align scores one alignment: 1 less the lowest share of wrong bits.
func (c *chromaprint) align(f []uint32, p place) answer {
	work := c.shelf.works[p.work]
	var wrong []int
	first := 0
	for i, x := range f {
		if j := i + int(p.at); j >= 0 && j < len(work.v) {
			if len(wrong) == 0 {
				first = i
			}
			wrong = append(wrong, bits.OnesCount32(x^work.v[j]))
		}
	}
	const window = 64
	n := min(window, len(wrong))
	if n < 16 {
		return answer{}
	}
	sum, least, at := 0, 32*n, 0
	for i, w := range wrong {
		if sum += w; i >= n {
			sum -= wrong[i-n]
		}
		if i >= n-1 && sum < least {
			least, at = sum, first+i-n+1
		}
	}
	from := float64(at) * subfingerprint
	to := from + float64(n)*subfingerprint
	shift := float64(p.at) * subfingerprint
	return answer{Source: work.id, Score: 1 - float64(least)/float64(32*n), Kind: fingerprint.Audio,
		Query: fingerprint.Span{From: from, To: to}, Work: fingerprint.Span{From: from + shift, To: to + shift}}
}
