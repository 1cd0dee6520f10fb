package index

import "fmt"

// room returns a *SpaceError if need bytes don't fit on the disk above the
// reserve.
func (ix *Index) room(need int64) error {
	if ix.set.reserve < 0 {
		return nil
	}
	free, err := freeSpace(ix.dir)
	if err != nil {
		return fmt.Errorf("index: free space: %w", err)
	}
	if need += ix.set.reserve; free < need {
		return &SpaceError{ix.dir, free, need}
	}
	return nil
}
