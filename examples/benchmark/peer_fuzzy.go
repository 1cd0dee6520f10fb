package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/likeness-go/likeness/fingerprint"
)

// fuzzy is a hash of a whole file that a program of Debian's makes and
// compares: ssdeep or TLSH, the usual answer to "is this the same document".
type fuzzy struct {
	kinds
	name   string
	shelf  shelf[string]
	hash   func(ctx context.Context, path string) (string, error)
	scores func(ctx context.Context, dir string, known []shelved[string], path string) ([]answer, error)
	dir    string
}

func newFuzzy(name string, hash func(context.Context, string) (string, error),
	scores func(context.Context, string, []shelved[string], string) ([]answer, error)) *fuzzy {
	return &fuzzy{kinds: kinds{fingerprint.Document}, name: name, hash: hash, scores: scores}
}

func (f *fuzzy) Name() string   { return f.name }
func (f *fuzzy) Missing() error { return installed(f.name) }

func (f *fuzzy) Register(ctx context.Context, s source) error {
	h, err := f.hash(ctx, s.Path)
	if err == nil {
		f.shelf.add(s.ID, h)
	}
	return err
}

func (f *fuzzy) Query(ctx context.Context, q query) ([]answer, error) {
	if f.dir == "" {
		var err error
		if f.dir, err = os.MkdirTemp("", f.name); err != nil {
			return nil, err
		}
	}
	all, err := f.scores(ctx, f.dir, f.shelf.works, q.Path)
	return best(all), err
}

func (f *fuzzy) Close() error {
	if f.dir == "" {
		return nil
	}
	return os.RemoveAll(f.dir)
}

// known writes a list of hashes once and returns its name.
func known(dir string, works []shelved[string], head string, line func(i int, hash string) string) (string, error) {
	name := filepath.Join(dir, "known")
	if _, err := os.Stat(name); err == nil {
		return name, nil
	}
	var b bytes.Buffer
	b.WriteString(head)
	for i, w := range works {
		b.WriteString(line(i, w.v))
	}
	return name, os.WriteFile(name, b.Bytes(), 0o644)
}

var errNoHash = errors.New("no hash: too short or too plain")

func ssdeepHash(ctx context.Context, path string) (string, error) {
	out, err := exec.CommandContext(ctx, "ssdeep", "-b", path).Output()
	if err != nil {
		return "", fmt.Errorf("ssdeep: %w", err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	h, _, ok := strings.Cut(lines[len(lines)-1], ",")
	if !ok || len(lines) < 2 {
		return "", errNoHash
	}
	return h, nil
}

var ssdeepLine = regexp.MustCompile(`matches .*?(\d+) \((\d+)\)`)

func ssdeepScores(ctx context.Context, dir string, works []shelved[string], path string) ([]answer, error) {
	list, err := known(dir, works, "ssdeep,1.1--blocksize:hash:hash,filename\n", func(i int, h string) string { return fmt.Sprintf("%s,\"%d\"\n", h, i) })
	if err != nil {
		return nil, err
	}
	out, _ := exec.CommandContext(ctx, "ssdeep", "-s", "-b", "-m", list, path).Output() // no match is status 1
	var all []answer
	for _, m := range ssdeepLine.FindAllStringSubmatch(string(out), -1) {
		if a, ok := fuzzyAnswer(works, m[1], m[2], func(score float64) float64 { return score / 100 }); ok {
			all = append(all, a)
		}
	}
	return all, nil
}

func tlshHash(ctx context.Context, path string) (string, error) {
	out, err := exec.CommandContext(ctx, "tlsh", "-f", path).Output()
	if err != nil {
		return "", errNoHash
	}
	h, _, ok := strings.Cut(string(out), "\t")
	if !ok {
		return "", errNoHash
	}
	return h, nil
}

var tlshLine = regexp.MustCompile(`(?m)\t(\d+)\t(\d+)$`)

// tlshScores turns TLSH's distances, 0 for the same and some hundreds for
// strangers, into scores.
func tlshScores(ctx context.Context, dir string, works []shelved[string], path string) ([]answer, error) {
	list, err := known(dir, works, "", func(i int, h string) string { return fmt.Sprintf("%s\t%d\n", h, i) })
	if err != nil {
		return nil, err
	}
	out, _ := exec.CommandContext(ctx, "tlsh", "-c", path, "-l", list, "-T", "300").Output() // a file without a hash is a status
	var all []answer
	for _, m := range tlshLine.FindAllStringSubmatch(string(out), -1) {
		if a, ok := fuzzyAnswer(works, m[1], m[2], func(distance float64) float64 { return 1 - distance/300 }); ok {
			all = append(all, a)
		}
	}
	return all, nil
}

func fuzzyAnswer(works []shelved[string], number, value string, score func(float64) float64) (answer, bool) {
	i, err := strconv.Atoi(number)
	if err != nil || i >= len(works) {
		return answer{}, false
	}
	v, err := strconv.ParseFloat(value, 64)
	return answer{Source: works[i].id, Score: score(v), Kind: fingerprint.Document}, err == nil
}
