package index

// dead is the set of removed tracks that lists still hold. It is immutable:
// a change copies the page that it touches and the list of pages.
type dead struct {
	pages []*page
	count int
}

type page [64]uint64 // 4096 tracks

func (d *dead) has(track uint32) bool {
	p := int(track >> 12)
	return p < len(d.pages) && d.pages[p] != nil && d.pages[p][track>>6&63]>>(track&63)&1 != 0
}

// change returns the set with tracks in it, or out of it.
func (d *dead) change(tracks []uint32, in bool) *dead {
	if len(tracks) == 0 {
		return d
	}
	c := &dead{append([]*page(nil), d.pages...), d.count}
	fresh := map[int]bool{}
	for _, track := range tracks {
		if c.has(track) == in {
			continue
		}
		p := int(track >> 12)
		for p >= len(c.pages) {
			c.pages = append(c.pages, nil)
		}
		if !fresh[p] {
			copied := page{}
			if c.pages[p] != nil {
				copied = *c.pages[p]
			}
			c.pages[p], fresh[p] = &copied, true
		}
		c.pages[p][track>>6&63] ^= 1 << (track & 63)
		if in {
			c.count++
		} else {
			c.count--
		}
	}
	return c
}
