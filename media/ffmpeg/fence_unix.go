//go:build unix

package ffmpeg

import (
	"math"
	"os"
	"os/exec"
	"strconv"
	"syscall"

	"github.com/likeness-go/likeness/media"
)

// fence makes the shell set the limits of the process that then becomes
// ffmpeg: memory and CPU seconds, no core dump, no file written. A limit that
// the system does not have is passed over. Setting them from here after the
// start would leave it unlimited for a while.
func fence(program string, args []string, l media.Limits) []string {
	script := "ulimit -c 0; ulimit -f 0; "
	if l.Memory > 0 {
		script += "ulimit -v " + strconv.FormatInt((l.Memory+1023)>>10, 10) + "; "
	}
	if l.WallTime > 0 {
		// One second more, so that our own clock has the first word.
		script += "ulimit -t " + strconv.FormatInt(int64(math.Ceil(l.WallTime.Seconds()))+1, 10) + "; "
	}
	return append([]string{"/bin/sh", "-c", "{ " + script + `} 2>/dev/null; exec "$0" "$@"`, program}, args...)
}

// confine puts the child into a group of its own, which is killed as a whole.
func confine(cmd *exec.Cmd) {
	cmd.SysProcAttr = attributes()
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// outOfTime says whether the CPU seconds ran out.
func outOfTime(state *os.ProcessState) bool {
	status, ok := state.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGXCPU
}
