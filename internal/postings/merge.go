package postings

// Merge adds the postings of all segments to a builder, in order, but for
// those of tracks that drop reports. It asks stop from time to time whether
// to give up, with its error.
func Merge(b *Builder, segments []*Segment, drop func(track uint32) bool, stop func() error) error {
	var heap []*cursor
	for _, s := range segments {
		c := &cursor{segment: s}
		if more, err := c.fill(); err != nil {
			return err
		} else if more {
			heap = append(heap, c)
		}
	}
	for i := len(heap)/2 - 1; i >= 0; i-- {
		sift(heap, i)
	}
	for n := 0; len(heap) > 0; n++ {
		if n%65536 == 0 {
			if err := stop(); err != nil {
				return err
			}
		}
		c := heap[0]
		if p := c.block[c.i]; !drop(p.Track) {
			if err := b.Add(p); err != nil {
				return err
			}
		}
		more, err := c.advance()
		if err != nil {
			return err
		}
		if !more {
			heap[0] = heap[len(heap)-1]
			heap = heap[:len(heap)-1]
		}
		sift(heap, 0)
	}
	return nil
}

// cursor walks through a segment block by block.
type cursor struct {
	segment *Segment
	block   []Posting // decoded
	i       int       // in block
	next    uint32    // the posting after block
}

func (c *cursor) advance() (more bool, err error) {
	if c.i++; c.i < len(c.block) {
		return true, nil
	}
	return c.fill()
}

func (c *cursor) fill() (more bool, err error) {
	c.i = 0
	c.block, err = c.segment.Append(c.block[:0], c.next, min(c.next+BlockSize, uint32(c.segment.count)))
	c.next += uint32(len(c.block))
	return len(c.block) > 0, err
}

// sift lets the cursor at i sink to its place in a heap with the least
// posting on top.
func sift(heap []*cursor, i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(heap); child++ {
			if Compare(heap[child].block[heap[child].i], heap[least].block[heap[least].i]) < 0 {
				least = child
			}
		}
		if least == i {
			return
		}
		heap[i], heap[least] = heap[least], heap[i]
		i = least
	}
}
