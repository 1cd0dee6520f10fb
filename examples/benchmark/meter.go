package main

import (
	"fmt"
	"os"
	"sync/atomic"
	"time"
)

// meter tells on standard error how far a stage is, every few seconds and at
// its end.
type meter struct {
	what  string
	all   int
	done  atomic.Int64
	start time.Time
	stop  chan struct{}
}

func newMeter(what string, all int) *meter {
	m := &meter{what: what, all: all, start: time.Now(), stop: make(chan struct{})}
	go func() {
		tick := time.NewTicker(10 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				m.print()
			case <-m.stop:
				return
			}
		}
	}()
	return m
}

func (m *meter) add() { m.done.Add(1) }

func (m *meter) print() {
	done, spent := m.done.Load(), time.Since(m.start)
	left := ""
	if done > 0 && int(done) < m.all {
		left = fmt.Sprintf(", %s left", (spent * time.Duration(int64(m.all)-done) / time.Duration(done)).Round(time.Second))
	}
	fmt.Fprintf(os.Stderr, "%s: %d of %d in %s%s\n", m.what, done, m.all, spent.Round(time.Second), left)
}

func (m *meter) finish() {
	close(m.stop)
	m.print()
}
