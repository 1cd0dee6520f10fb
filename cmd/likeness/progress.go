package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows files, bytes, rate and time left on standard error while it
// is a terminal; otherwise it does nothing. A nil *progress does nothing either.
type progress struct {
	bar         *progressbar.ProgressBar
	done, count int
	description string
}

// progress makes a meter for what lies below the roots.
func (s *session) progress(description string, roots []string) *progress {
	f, ok := s.errs.(*os.File)
	if s.Quiet || !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	count, bytes := tally(roots)
	p := &progress{count: count, description: description}
	p.bar = progressbar.NewOptions64(max(bytes, 1), progressbar.OptionSetWriter(f), progressbar.OptionShowBytes(true),
		progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetDescription(p.text()), progressbar.OptionClearOnFinish(), progressbar.OptionFullWidth())
	return p
}

func (p *progress) text() string {
	return fmt.Sprintf("%s %d/%d files", p.description, p.done, p.count)
}

// add counts one more file.
func (p *progress) add(f file) {
	if p == nil {
		return
	}
	p.done++
	p.bar.Describe(p.text())
	_ = p.bar.Add64(f.size) // a meter that cannot draw is no reason to stop
}

// clear takes the meter off the screen so that a line can be printed.
func (p *progress) clear() {
	if p != nil {
		_ = p.bar.Clear()
	}
}

func (p *progress) finish() {
	if p != nil {
		_ = p.bar.Finish()
	}
}

// summary prints how a command on many files ended.
func (s *session) summary(w io.Writer, format string, args ...any) {
	if !s.Quiet && !s.JSON {
		fmt.Fprintf(w, format+"\n", args...)
	}
}
