//go:build linux || darwin || freebsd

package index

import "golang.org/x/sys/unix"

// freeSpace is what an unprivileged process can still write in dir.
func freeSpace(dir string) (int64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}
