package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/likeness-go/likeness/fingerprint"
)

// A transform alters a source so that it is a new file which still holds the
// work, or a part of it.
type transform struct {
	Name     string // "speed": a row of the report
	Strength string // "+4 %": a column; "" if there is only one
	Kind     fingerprint.Kind
	Ext      string // of the file it makes
	// Lengths of excerpts, in the kind's unit, that are taken at a place
	// drawn by the seed before it is altered; 0 is the whole source.
	Lengths []float64
	// Host is how many further sources the transform needs: what an excerpt
	// is hidden in or mixed with. Mix says that they are works too.
	Host int
	Mix  bool
	// Needs names a program without which the transform is skipped.
	Needs string
	// Make writes the altered copy to out and says where in it the work is.
	Make func(ctx context.Context, in ingredients, out string) ([]truth, error)
}

// label is the transform's name with its strength.
func (t transform) label() string {
	if t.Strength == "" {
		return t.Name
	}
	return t.Name + " " + t.Strength
}

// ingredients are what a transform works on.
type ingredients struct {
	Source source
	From   float64 // start of the excerpt, in the kind's unit
	Length float64 // 0: the whole source
	Hosts  []source
	Seed   uint64 // for noise
}

// A truth says that a part of the query shows a part of a source.
type truth struct {
	Source string           `json:"source"` // ID
	Kind   fingerprint.Kind `json:"kind"`   // of the track
	Query  fingerprint.Span `json:"query"`
	Work   fingerprint.Span `json:"work"`
}

// A query is a file to look up, with what it holds.
type query struct {
	Transform string           `json:"transform"`
	Strength  string           `json:"strength,omitempty"`
	Kind      fingerprint.Kind `json:"-"`
	KindName  string           `json:"kind"`
	Length    float64          `json:"length"` // of the excerpt; 0: whole
	Source    string           `json:"source"`
	Split     string           `json:"split"`
	Truths    []truth          `json:"truths"`
	Path      string           `json:"path"`
}

// plan is a query that may not have been made yet.
type plan struct {
	transform
	ingredients
}

// errSkip says that a source does not suit a transform: too short.
var errSkip = errors.New("does not fit")

// key addresses a query by all that goes into it, so that the cache never
// gives a stale one: the contents' stand-ins (path, size, time), the transform
// and the version of its recipe.
func (p plan) key() (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, recipeVersion, p.Name, p.Strength, p.Ext, p.From, p.Length, p.Seed)
	for _, s := range append([]source{p.Source}, p.Hosts...) {
		info, err := os.Stat(s.Path)
		if err != nil {
			return "", err
		}
		fmt.Fprintln(h, s.ID, info.Size(), info.ModTime().UnixNano())
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// recipeVersion is raised whenever a transform makes something else than before.
const recipeVersion = 1

// make returns the query of a plan, from the cache if it is there.
func (p plan) make(ctx context.Context, cache string) (query, error) {
	key, err := p.key()
	if err != nil {
		return query{}, err
	}
	dir := filepath.Join(cache, key[:2])
	path := filepath.Join(dir, key+p.Ext)
	q := query{Transform: p.Name, Strength: p.Strength, Kind: p.Kind, KindName: p.Kind.String(),
		Length: p.Length, Source: p.Source.ID, Split: p.Source.Split, Path: path}
	note := filepath.Join(dir, key+".truth")
	if b, err := os.ReadFile(note); err == nil && json.Unmarshal(b, &q.Truths) == nil {
		return q, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return q, err
	}
	part := filepath.Join(dir, key+".part"+p.Ext)
	if q.Truths, err = p.Make(ctx, p.ingredients, part); err != nil {
		os.Remove(part)
		return q, err
	}
	if err := os.Rename(part, path); err != nil {
		return q, err
	}
	b, err := json.Marshal(q.Truths)
	if err != nil {
		return q, err
	}
	return q, os.WriteFile(note, b, 0o644) // last: a query without its note is made again
}

// plans lays out every query that the transforms ask of a set of sources.
func plans(c corpus, transforms []transform, works, strangers int, lengthOf func(source) float64) []plan {
	var all []plan
	for _, t := range transforms {
		lengths := t.Lengths
		if len(lengths) == 0 {
			lengths = []float64{0}
		}
		chosen := append(c.of(t.Kind, work, works), c.of(t.Kind, stranger, strangers)...)
		for _, s := range chosen {
			for _, l := range lengths {
				if p, ok := planOne(c, t, s, l, lengthOf(s)); ok {
					all = append(all, p)
				}
			}
		}
	}
	return all
}

// planOne chooses the place of the excerpt and the hosts by the seed. An
// excerpt leaves some of the source over, otherwise it would be the whole.
func planOne(c corpus, t transform, s source, length, whole float64) (plan, bool) {
	in := ingredients{Source: s, Length: length, Seed: draw(*seed, t.Name, t.Strength, s.ID)}
	if length > 0 {
		room := whole - length
		if room <= 0 {
			return plan{}, false
		}
		share := float64(draw(*seed, "place", s.ID, fmt.Sprint(length))%100_000) / 100_000
		in.From = float64(int64(1000*room*share)) / 1000
	}
	split := stranger
	if t.Mix && s.Split == work {
		split = work
	}
	hosts := c.of(t.Kind, split, 0)
	for i := 0; len(in.Hosts) < t.Host; i++ {
		if i > 50 || len(hosts) == 0 {
			return plan{}, false
		}
		h := hosts[draw(*seed, "host", t.Name, s.ID, fmt.Sprint(i))%uint64(len(hosts))]
		if h.ID != s.ID {
			in.Hosts = append(in.Hosts, h)
		}
	}
	return plan{t, in}, true
}
