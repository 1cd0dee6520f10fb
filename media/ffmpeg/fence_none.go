//go:build !unix

package ffmpeg

import (
	"os"
	"os/exec"

	"github.com/likeness-go/likeness/media"
)

// fence: the system limits no memory or CPU time of a child by itself. Our
// clock does.
func fence(program string, args []string, _ media.Limits) []string {
	return append([]string{program}, args...)
}

func confine(*exec.Cmd) {}

func outOfTime(*os.ProcessState) bool { return false }
