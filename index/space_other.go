//go:build !linux && !darwin && !freebsd && !windows

package index

import "math"

// freeSpace is unknown here, so that nothing is refused.
func freeSpace(string) (int64, error) { return math.MaxInt64, nil }
