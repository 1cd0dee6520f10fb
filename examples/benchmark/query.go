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
	"slices"
	"strings"

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
	// HostKind is the kind of the hosts; zero is that of the transform.
	HostKind fingerprint.Kind
	// Needs names a program without which the transform is skipped.
	Needs string
	recipe
}

// A maker writes an altered copy to out and says where in it the work is.
type maker func(ctx context.Context, in ingredients, out string) ([]truth, error)

// A recipe makes queries. Spec tells it from every other recipe of the same
// transform: the cache keeps what was made by the old one apart.
type recipe struct {
	Spec string
	Make maker
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
// and its recipe.
func (p plan) key() (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, recipeVersion, p.Name, p.Strength, p.Ext, p.Spec, p.From, p.Length, p.Seed)
	for _, s := range append([]source{p.Source}, p.Hosts...) {
		info, err := os.Stat(s.Path)
		if err != nil {
			return "", err
		}
		fmt.Fprintln(h, s.ID, info.Size(), info.ModTime().UnixNano())
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// recipeVersion is raised whenever the code of a transform makes something
// else than before; filters and options of ffmpeg speak for themselves.
const recipeVersion = 3

// A note lies beside each query in the cache.
type note struct {
	Truths []truth `json:"truths,omitempty"`
	Size   int64   `json:"size"`            // of the query, so that a torn one is made again
	Unfit  string  `json:"unfit,omitempty"` // why there is no query
}

// make returns the query of a plan, from the cache if it is there.
func (p plan) make(ctx context.Context, cache string) (query, error) {
	key, err := p.key()
	if err != nil {
		return query{}, err
	}
	dir := filepath.Join(cache, key[:2])
	path, notePath := filepath.Join(dir, key+p.Ext), filepath.Join(dir, key+".json")
	q := query{Transform: p.Name, Strength: p.Strength, Kind: p.Kind, KindName: p.Kind.String(),
		Length: p.Length, Source: p.Source.ID, Split: p.Source.Split, Path: path}
	n, ok := readNote(notePath, path)
	if !ok {
		if n, err = p.remake(ctx, dir, path); err != nil {
			return query{}, err
		}
		if err := writeNote(notePath, n); err != nil { // last: a query without its note is made again
			return query{}, err
		}
	}
	if n.Unfit != "" {
		return query{}, fmt.Errorf("%w: %s", errSkip, n.Unfit)
	}
	q.Truths = n.Truths
	return q, nil
}

// remake makes the query in a file of another name, so that what stands under
// the final one is whole even after a cancellation.
func (p plan) remake(ctx context.Context, dir, path string) (note, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return note{}, err
	}
	part, err := os.CreateTemp(dir, "part-*"+p.Ext)
	if err != nil {
		return note{}, err
	}
	defer os.Remove(part.Name()) // after the renaming there is none
	if err := part.Close(); err != nil {
		return note{}, err
	}
	truths, err := p.Make(ctx, p.ingredients, part.Name())
	switch {
	case ctx.Err() != nil:
		return note{}, ctx.Err()
	case errors.Is(err, errSkip):
		return note{Unfit: strings.TrimPrefix(err.Error(), errSkip.Error()+": ")}, nil
	case err != nil:
		return note{}, err
	}
	info, err := os.Stat(part.Name())
	if err != nil {
		return note{}, err
	}
	return note{Truths: truths, Size: info.Size()}, os.Rename(part.Name(), path)
}

// readNote reports whether the query at path is there, as its note says.
func readNote(notePath, path string) (n note, ok bool) {
	b, err := os.ReadFile(notePath)
	if err != nil || json.Unmarshal(b, &n) != nil {
		return n, false
	}
	if n.Unfit != "" {
		return n, true
	}
	info, err := os.Stat(path)
	return n, err == nil && info.Size() == n.Size
}

func writeNote(path string, n note) error {
	b, err := json.Marshal(n)
	if err != nil {
		return err
	}
	part := path + ".part"
	if err := os.WriteFile(part, b, 0o644); err != nil {
		return err
	}
	return os.Rename(part, path)
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
	kind := t.HostKind
	if kind == fingerprint.KindInvalid {
		kind = t.Kind
	}
	in.Hosts = hostsOf(c.of(kind, split, 0), t, s)
	return plan{t, in}, len(in.Hosts) > 0 || t.Host == 0
}

// hostsOf draws different hosts for a source; of a small corpus fewer than the
// transform asks for.
func hostsOf(from []source, t transform, s source) (hosts []source) {
	if t.Host == 0 {
		return nil
	}
	from = slices.DeleteFunc(from, func(h source) bool { return h.ID == s.ID })
	for i := 0; len(from) > 0 && len(hosts) < t.Host; i++ {
		at := draw(*seed, "host", t.Name, s.ID, fmt.Sprint(i)) % uint64(len(from))
		hosts = append(hosts, from[at])
		from = slices.Delete(from, int(at), int(at)+1)
	}
	return hosts
}
