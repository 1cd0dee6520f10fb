// Demo registers real songs, films, pictures and books, makes altered copies
// of them, looks them up, and prints what was recognised where. It exits with
// status 1 if a copy was missed or a stranger was taken for a work.
//
//	go run ./demo [-testdata DIR] [-keep DIR]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	_ "github.com/likeness-go/likeness/all"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/index"
)

func main() {
	testdata := flag.String("testdata", "../testdata", "folder with songs, films, pictures and books")
	keep := flag.String("keep", "", "keep the copies and the catalogue in this folder")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	wrong, err := demo(ctx, *testdata, *keep)
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
	if wrong > 0 {
		fmt.Fprintf(os.Stderr, "demo: %d of the answers above are wrong\n", wrong)
		os.Exit(1)
	}
}

// strangers are files of testdata that are not registered: nothing may match them.
var strangers = []string{"songs/warmux-divertissement.ogg", "films/city.webm", "pictures/ladybird.jpg", "books/song-ci-zh.txt"}

func demo(ctx context.Context, testdata, keep string) (wrong int, err error) {
	dir := keep
	if dir == "" {
		if dir, err = os.MkdirTemp("", "likeness-demo"); err != nil {
			return 0, err
		}
		defer os.RemoveAll(dir)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return 0, err
	}
	catalogue, err := index.Open(filepath.Join(dir, "catalogue"), nil)
	if err != nil {
		return 0, err
	}
	defer catalogue.Close()
	start := time.Now()
	works, err := registerAll(ctx, catalogue, testdata)
	if err != nil {
		return 0, err
	}
	fmt.Printf("%d works registered in %.1f s\n\n", len(works), time.Since(start).Seconds())
	return judgeAll(ctx, catalogue, works, testdata, dir)
}

// registerAll registers what lies in testdata, but for the strangers, and
// returns the paths below testdata.
func registerAll(ctx context.Context, catalogue *index.Index, testdata string) ([]string, error) {
	var works []string
	for _, kind := range []string{"songs", "films", "pictures", "books"} {
		names, err := filepath.Glob(filepath.Join(testdata, kind, "*"))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			path := kind + "/" + filepath.Base(name)
			if isStranger(path) {
				continue
			}
			set, err := fingerprint.File(ctx, name, nil)
			if err != nil {
				return nil, err
			}
			if err := catalogue.Register(ctx, index.Work{ID: path, Title: path}, set); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			works = append(works, path)
		}
	}
	if len(works) == 0 {
		return nil, fmt.Errorf("no songs, films, pictures or books in %s", testdata)
	}
	return works, nil
}

func isStranger(path string) bool {
	for _, s := range strangers {
		if s == path {
			return true
		}
	}
	return false
}

// judgeAll alters every work in every way that fits it, looks the copies and
// the strangers up, prints the table, and counts the wrong answers.
func judgeAll(ctx context.Context, catalogue *index.Index, works []string, testdata, dir string) (wrong int, err error) {
	table := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	defer table.Flush()
	fmt.Fprintln(table, "FILE\tALTERED\tANSWER\tSCORE\tWHERE")
	copies := 0
	for _, work := range works {
		for _, a := range alterations[filepath.Dir(work)] {
			if a.only != "" && filepath.Ext(work) != a.only {
				continue
			}
			copied := filepath.Join(dir, fmt.Sprintf("copy-%03d%s", copies, a.ext))
			copies++
			if err := a.make(ctx, filepath.Join(testdata, work), copied); err != nil {
				return wrong, fmt.Errorf("%s, %s: %w", work, a.name, err)
			}
			wrong += ask(ctx, catalogue, table, copied, work, a.name, work)
			table.Flush()
		}
	}
	for _, stranger := range strangers {
		wrong += ask(ctx, catalogue, table, filepath.Join(testdata, stranger), stranger, "not registered", "")
	}
	return wrong, ctx.Err()
}

// ask looks one file up, prints a line, and returns 1 if the answer is not
// what was wanted: the ID of a work, or "" for no match.
func ask(ctx context.Context, catalogue *index.Index, table *tabwriter.Writer, path, name, altered, want string) int {
	answer, score, where := "no match", "", ""
	set, err := fingerprint.File(ctx, path, nil)
	var matches []index.Match
	if err == nil {
		matches, err = catalogue.Lookup(ctx, set, nil)
	}
	got := ""
	switch {
	case err != nil:
		answer, got = err.Error(), "error"
	case len(matches) > 0:
		got = matches[0].Work.ID
		answer, score, where = got, fmt.Sprintf("%.2f", matches[0].Score), places(matches[0])
	}
	if got == name {
		answer = "recognised"
	}
	wrong := 0
	if got != want {
		answer, wrong = "WRONG: "+answer, 1
	}
	fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", name, altered, answer, score, where)
	return wrong
}

// places says where the best segment of each track lies.
func places(m index.Match) string {
	var tracks []string
	for _, t := range m.Tracks {
		if t.Kind == fingerprint.Picture {
			tracks = append(tracks, "whole picture")
			continue
		}
		s := t.Segments[0]
		text := fmt.Sprintf("%s %.0f-%.0f is %.0f-%.0f", t.Kind, s.Query.From, s.Query.To, s.Work.From, s.Work.To)
		if n := len(t.Segments); n > 1 {
			text += fmt.Sprintf(" and %d more", n-1)
		}
		tracks = append(tracks, text)
	}
	return strings.Join(tracks, "; ")
}
