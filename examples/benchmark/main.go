// Benchmark measures how many copies Likeness catches on your own media, how
// many honest files it accuses, what it costs, and where to put the threshold.
//
//	go run ./benchmark CORPUS [--kinds audio,video] [--transforms speed,crop] [--out DIR]
//	go run ./benchmark compare OLD.json NEW.json
//	go run ./benchmark strip RESULTS.json BASELINE.json
//
// CORPUS is any folder of songs, films, pictures and documents. Where it holds
// the folders works and strangers, they say what is registered; otherwise a
// seed splits it. Queries are made by transforms, kept in a cache, and looked
// up; peers that are installed get the same queries. It needs ffmpeg.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	_ "github.com/likeness-go/likeness/all"

	"github.com/likeness-go/likeness/fingerprint"
)

var seed = flag.Uint64("seed", 1, "splits the corpus, chooses sources, places and noise")

type options struct {
	corpus, out, cache string
	kinds              []fingerprint.Kind
	transforms         []string
	works, strangers   map[fingerprint.Kind]int
	distractors        []int // rising
	jobs               int
	peers, audit       bool
}

func main() {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "compare":
			os.Exit(compareMain(os.Args[2:], os.Stdout, os.Stderr))
		case "strip":
			os.Exit(stripMain(os.Args[2:], os.Stderr))
		}
	}
	o, err := parseOptions()
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchmark:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := benchmark(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "benchmark:", err)
		os.Exit(1)
	}
}

func parseOptions() (options, error) {
	var o options
	kinds := flag.String("kinds", "audio,video,picture,document", "kinds of media, comma-separated")
	names := flag.String("transforms", "", "transforms by name, comma-separated; default: all")
	flag.StringVar(&o.out, "out", "accuracy", "folder for results.json and index.html")
	flag.StringVar(&o.cache, "cache", "", "folder of the queries that were made; default: .cache in the corpus")
	works := flag.String("works", "40", "works of each kind that are queried, such as 40 or audio=12,video=6; all are registered; 0: all")
	strangers := flag.String("strangers", "40", "strangers of each kind that are queried, in the same form")
	sizes := flag.String("distractors", "1000", "synthetic works beside the real ones when lookups are timed, such as 1000,10000,100000; \"\": none")
	flag.BoolVar(&o.audit, "audit", true, "leave out strangers that truly share something with a work, and list them")
	flag.IntVar(&o.jobs, "jobs", runtime.GOMAXPROCS(0), "files worked on at the same time")
	flag.BoolVar(&o.peers, "peers", true, "measure the peers that are installed too")
	// the corpus may stand before the options
	args := os.Args[1:]
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		o.corpus, args = args[0], args[1:]
	}
	if err := flag.CommandLine.Parse(args); err != nil {
		return o, err
	}
	if o.corpus == "" {
		o.corpus = flag.Arg(0)
	}
	if o.corpus == "" {
		return o, fmt.Errorf("usage: benchmark CORPUS [options]")
	}
	var err error
	if o.works, err = parseCounts(*works); err != nil {
		return o, err
	}
	if o.strangers, err = parseCounts(*strangers); err != nil {
		return o, err
	}
	if o.distractors, err = parseSizes(*sizes); err != nil {
		return o, err
	}
	for name := range strings.SplitSeq(*kinds, ",") {
		k, err := fingerprint.ParseKind(name)
		if err != nil {
			return o, err
		}
		o.kinds = append(o.kinds, k)
	}
	if *names != "" {
		o.transforms = strings.Split(*names, ",")
	}
	if o.cache == "" {
		o.cache = filepath.Join(o.corpus, ".cache")
	}
	return o, nil
}

// parseCounts reads one number for all kinds, or a number for each of some;
// kinds that are not named have 40.
func parseCounts(list string) (map[fingerprint.Kind]int, error) {
	all := map[fingerprint.Kind]int{}
	for _, k := range []fingerprint.Kind{fingerprint.Audio, fingerprint.Video, fingerprint.Picture, fingerprint.Document} {
		all[k] = 40
	}
	for part := range strings.SplitSeq(list, ",") {
		name, digits, named := strings.Cut(part, "=")
		if !named {
			digits = part
		}
		n, err := strconv.Atoi(digits)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("%q is no count", part)
		}
		if !named {
			for k := range all {
				all[k] = n
			}
			continue
		}
		k, err := fingerprint.ParseKind(name)
		if err != nil {
			return nil, err
		}
		all[k] = n
	}
	return all, nil
}

func parseSizes(list string) ([]int, error) {
	var all []int
	for part := range strings.SplitSeq(list, ",") {
		if part == "" {
			continue
		}
		n, err := strconv.Atoi(part)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is no number of distractors", part)
		}
		all = append(all, n)
	}
	slices.Sort(all)
	return all, nil
}

// table is all transforms, of every kind.
func table() []transform {
	return slices.Concat(soundTransforms(), filmTransforms(), pictureTransforms(), documentTransforms())
}

// chosen are the transforms that the options ask for and this machine can do.
func (o options) chosen() ([]transform, error) {
	var out []transform
	known := map[string]bool{}
	missing := map[string]bool{}
	for _, t := range table() {
		known[t.Name] = true
		if !slices.Contains(o.kinds, t.Kind) || len(o.transforms) > 0 && !slices.Contains(o.transforms, t.Name) {
			continue
		}
		if t.Needs != "" {
			if _, err := exec.LookPath(t.Needs); err != nil {
				missing[t.Name+" needs "+t.Needs] = true
				continue
			}
		}
		out = append(out, t)
	}
	for name := range missing {
		fmt.Fprintln(os.Stderr, "benchmark: skipped:", name)
	}
	for _, name := range o.transforms {
		if !known[name] {
			return nil, fmt.Errorf("unknown transform %q", name)
		}
	}
	return out, nil
}

func benchmark(ctx context.Context, o options) error {
	transforms, err := o.chosen()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return err
	}
	library, err := openLibrary(ctx, o)
	if err != nil {
		return err
	}
	defer library.Close()
	r, err := library.measure(ctx, transforms)
	if err != nil {
		return err
	}
	if err := r.write(o.out); err != nil {
		return err
	}
	r.print(os.Stdout)
	return nil
}
