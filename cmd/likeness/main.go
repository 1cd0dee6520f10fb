// Likeness registers works and recognises copies of them: songs, films,
// pictures and books, however they were re-encoded, cut or retyped.
//
// Exit status: 0 fine, 1 some files failed or were unscannable (each is named
// on standard error), 2 wrong usage, 3 something matched (only with
// match --fail-on-match).
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"github.com/alecthomas/kong"
	_ "github.com/likeness-go/likeness/all"
	"github.com/likeness-go/likeness/index"
)

const (
	exitFine = iota
	exitFailed
	exitUsage
	exitMatched
)

// cli is the whole command line; kong reads it.
type cli struct {
	Index string `help:"Folder of the index." default:"./likeness.index" placeholder:"DIR"`
	JSON  bool   `name:"json" help:"Print JSON Lines: one object a file, in the order of the input."`
	Jobs  int    `help:"Files worked on at the same time; 0: one a core." default:"0" placeholder:"N"`
	Quiet bool   `short:"q" help:"No progress, and no summary."`

	Version versionFlag `help:"Print the version, the algorithms and the decoders that are available here."`

	Register    registerCmd    `cmd:"" help:"Register works: copies of them will be recognised."`
	Match       matchCmd       `cmd:"" help:"Say which registered works files hold, and where."`
	Scan        scanCmd        `cmd:"" help:"Match whole folders, in an order and with a journal, so that it can go on where it stopped."`
	Compare     compareCmd     `cmd:"" help:"Compare two files, without an index."`
	Fingerprint fingerprintCmd `cmd:"" help:"Print the fingerprints of files."`
	Works       worksCmd       `cmd:"" help:"List the registered works."`
	Show        showCmd        `cmd:"" help:"Show one registered work."`
	Remove      removeCmd      `cmd:"" help:"Remove works from the index."`
	Stats       statsCmd       `cmd:"" help:"Say what the index holds."`
}

const about = `Recognise copies of registered songs, films, pictures and books, however they
were re-encoded, cut or retyped.

  likeness register films/ songs/ --holder "Example Media"
  likeness match upload.mp4
  likeness scan --resume --json /srv/uploads > report.jsonl

Exit status: 0 fine; 1 some files failed or could not be read, each named on
standard error; 2 wrong usage; 3 something matched (match --fail-on-match).`

// session is what every command gets: the global options and where to write.
type session struct {
	*cli
	ctx    context.Context
	out    io.Writer
	errs   io.Writer
	failed int // files that failed, each already named on errs
}

// errMatched asks for exit status 3.
var errMatched = errors.New("something matched")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, out, errs io.Writer) int {
	var c cli
	exited := -1
	parser, err := kong.New(&c, kong.Name("likeness"), kong.UsageOnError(), kong.Writers(out, errs),
		kong.Description(about),
		kong.Exit(func(code int) { exited = code }))
	if err != nil {
		fmt.Fprintln(errs, "likeness:", err)
		return exitUsage
	}
	command, err := parser.Parse(args)
	if exited >= 0 { // --help
		return exited
	}
	if err != nil {
		fmt.Fprintln(errs, "likeness:", err)
		return exitUsage
	}
	if c.Jobs < 0 {
		fmt.Fprintln(errs, "likeness: --jobs must not be negative")
		return exitUsage
	}
	if c.Jobs == 0 {
		c.Jobs = runtime.GOMAXPROCS(0)
	}
	s := &session{cli: &c, ctx: ctx, out: out, errs: errs}
	defer os.Remove(s.spool()) // it is there, and empty, if buckets were read
	return s.status(command.Run(s))
}

// status turns the end of a command into an exit status.
func (s *session) status(err error) int {
	var usage usageError
	switch {
	case errors.Is(err, errMatched):
		return exitMatched
	case errors.As(err, &usage):
		fmt.Fprintln(s.errs, "likeness:", err)
		return exitUsage
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(s.errs, "likeness: interrupted")
		return exitFailed
	case err != nil:
		fmt.Fprintln(s.errs, "likeness:", err)
		return exitFailed
	case s.failed > 0:
		return exitFailed
	}
	return exitFine
}

// usageError is an error of the caller's: exit status 2.
type usageError string

func (e usageError) Error() string { return string(e) }

// open opens the index. A command that only asks must not make one.
func (s *session) open(create bool) (*index.Index, error) {
	if !create {
		if _, err := os.Stat(s.Index); errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("no index at %s: register something first", s.Index)
		}
	}
	ix, err := index.Open(s.Index, nil)
	if err != nil {
		return nil, err
	}
	if err := s.sweep(); err != nil {
		ix.Close()
		return nil, err
	}
	return ix, nil
}

// fail names a file that could not be read or registered.
func (s *session) fail(err error) {
	s.failed++
	fmt.Fprintln(s.errs, oneLine(err.Error()))
}
