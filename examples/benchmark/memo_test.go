package main

import (
	"errors"
	"strconv"
	"sync"
	"testing"
)

func TestMemo(t *testing.T) {
	m := memo[[]int]{limit: 30, size: func(s []int) int { return len(s) }}
	made := map[string]int{}
	get := func(key string, n int) {
		t.Helper()
		v, err := m.get(key, func() ([]int, error) { made[key]++; return make([]int, n), nil })
		if err != nil || len(v) != n {
			t.Fatalf("get(%s) = %d items, %v; want %d", key, len(v), err, n)
		}
	}
	get("a", 10)
	get("b", 10)
	get("a", 10)
	get("c", 15) // b was used longest ago
	get("a", 10)
	get("b", 10)
	for key, want := range map[string]int{"a": 1, "b": 2, "c": 1} {
		if made[key] != want {
			t.Errorf("%s was made %d times, want %d", key, made[key], want)
		}
	}
	if m.used > m.limit {
		t.Errorf("holds %d, limit %d", m.used, m.limit)
	}
	failure := errors.New("once")
	if _, err := m.get("d", func() ([]int, error) { return nil, failure }); err != failure {
		t.Errorf("err = %v, want %v", err, failure)
	}
	get("d", 3)
}

func TestMemoConcurrent(t *testing.T) {
	m := memo[int]{limit: 100, size: func(int) int { return 1 }}
	var wait sync.WaitGroup
	var mu sync.Mutex
	made := map[int]int{}
	for range 8 {
		wait.Go(func() {
			for k := range 50 {
				v, _ := m.get(strconv.Itoa(k), func() (int, error) {
					mu.Lock()
					made[k]++
					mu.Unlock()
					return k, nil
				})
				if v != k {
					t.Errorf("get(%d) = %d", k, v)
				}
			}
		})
	}
	wait.Wait()
	for k, n := range made {
		if n != 1 {
			t.Errorf("%d was made %d times", k, n)
		}
	}
}
