package main

import (
	"fmt"
	"iter"
	"os"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows files, bytes, rate and time left on standard error while it
// is a terminal; otherwise it does nothing. A nil *progress does nothing either.
type progress struct {
	bar         *progressbar.ProgressBar
	description string
	done        int
	count       atomic.Int64 // of all files; 0 until they are counted
}

// progress makes a meter for inputs, which it counts while the work goes on.
func (s *session) progress(description string, inputs iter.Seq[file]) *progress {
	f, ok := s.errs.(*os.File)
	if s.Quiet || !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	p := &progress{description: description}
	p.bar = progressbar.NewOptions64(-1, progressbar.OptionSetWriter(f), progressbar.OptionShowBytes(true), progressbar.OptionShowCount(),
		progressbar.OptionUseIECUnits(true), progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetWidth(16), progressbar.OptionClearOnFinish(), progressbar.OptionSetDescription(p.text()))
	go func() {
		var count, bytes int64
		for f := range inputs {
			count++
			bytes += f.size
		}
		p.count.Store(count)
		p.bar.ChangeMax64(max(bytes, 1))
	}()
	return p
}

func (p *progress) text() string {
	if n := p.count.Load(); n > 0 {
		return fmt.Sprintf("%s %d/%d files", p.description, p.done, n)
	}
	return fmt.Sprintf("%s %d files", p.description, p.done)
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

// finish takes it off for good, wherever it stands.
func (p *progress) finish() {
	if p != nil {
		_ = p.bar.Exit()
		_ = p.bar.Clear()
	}
}

// summary tells people how a command on many files ended.
func (s *session) summary(format string, args ...any) {
	if !s.Quiet && !s.JSON {
		fmt.Fprintf(s.errs, format+"\n", args...)
	}
}
