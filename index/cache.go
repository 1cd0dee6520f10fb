package index

import (
	"container/list"
	"sync"

	"github.com/likeness-go/likeness/fingerprint"
)

// cache keeps the stored fingerprints that were used last, decoded, up to a
// number of bytes. Track numbers are never used again, so nothing in it can
// grow stale.
type cache struct {
	mu    sync.Mutex
	size  int64
	limit int64
	m     map[uint32]*list.Element
	order list.List // the last used in front
}

type cached struct {
	track  uint32
	number uint32 // of its work
	f      *fingerprint.Fingerprint
}

func (c cached) bytes() int64 { return int64(4*c.f.Len()+len(c.f.Codes())) + 200 }

func newCache(limit int64) *cache { return &cache{limit: limit, m: map[uint32]*list.Element{}} }

func (c *cache) get(track uint32) (cached, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.m[track]
	if e == nil {
		return cached{}, false
	}
	c.order.MoveToFront(e)
	return e.Value.(cached), true
}

func (c *cache) put(v cached) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.m[v.track] != nil || v.bytes() > c.limit/4 { // one film must not drive out all songs
		return
	}
	c.m[v.track] = c.order.PushFront(v)
	for c.size += v.bytes(); c.size > c.limit; {
		last := c.order.Remove(c.order.Back()).(cached)
		delete(c.m, last.track)
		c.size -= last.bytes()
	}
}
