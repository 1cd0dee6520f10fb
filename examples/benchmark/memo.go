package main

import (
	"container/list"
	"sync"
)

// A memo keeps what was costly to make, at most limit of it by size; what was
// used longest ago goes first. Values are shared: nobody may alter them.
type memo[T any] struct {
	limit int
	size  func(T) int

	mu      sync.Mutex
	used    int
	recent  list.List // of *memoEntry[T], the latest first
	entries map[string]*list.Element
}

type memoEntry[T any] struct {
	key   string
	mu    sync.Mutex // held while it is made, so that it is made once
	done  bool
	value T
	size  int
}

// get returns the value of a key, which is made if it is not kept. An error is
// not kept: it may be the caller's own cancellation.
func (m *memo[T]) get(key string, make func() (T, error)) (T, error) {
	e := m.entry(key)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.done {
		return e.value, nil
	}
	v, err := make()
	if err != nil {
		return v, err
	}
	e.value, e.done = v, true
	m.grow(e, m.size(v))
	return v, nil
}

func (m *memo[T]) entry(key string) *memoEntry[T] {
	m.mu.Lock()
	defer m.mu.Unlock()
	if at, ok := m.entries[key]; ok {
		m.recent.MoveToFront(at)
		return at.Value.(*memoEntry[T])
	}
	if m.entries == nil {
		m.entries = map[string]*list.Element{}
	}
	e := &memoEntry[T]{key: key}
	m.entries[key] = m.recent.PushFront(e)
	return e
}

// grow counts a value that was made and drops others until all fit again.
func (m *memo[T]) grow(e *memoEntry[T], size int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if at, ok := m.entries[e.key]; !ok || at.Value != any(e) {
		return // dropped while it was made: only its maker has it
	}
	e.size = size
	m.used += size
	for m.used > m.limit && m.recent.Len() > 1 {
		last := m.recent.Back()
		old := m.recent.Remove(last).(*memoEntry[T])
		delete(m.entries, old.key)
		m.used -= old.size
	}
}
