package ffmpeg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
	"github.com/likeness-go/likeness/media/internal/transcode"
)

// oneOutput: a child on Windows inherits no file but its standard ones.
const oneOutput = runtime.GOOS == "windows"

// patience is how long the pipes of a killed child may stay open.
const patience = 5 * time.Second

// run is transcode.Engine.Run by a child process.
func run(ctx context.Context, in *media.Input, l media.Limits, j transcode.Job) error {
	program, err := exec.LookPath("ffmpeg")
	if err != nil {
		return errors.New("no ffmpeg on PATH")
	}
	src, err := open(ctx, in)
	if err != nil {
		return err
	}
	defer src.close()
	p, err := openPipes(len(j.Outputs))
	if err != nil {
		return err
	}
	defer p.close()

	files := p.writers
	if src.file != nil {
		files = append([]*os.File{src.file}, files...)
	}
	args := fence(program, j.Args(src.name, p.names(len(files))), l)
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = environment()
	cmd.Stderr = j.Log
	cmd.WaitDelay = patience
	if oneOutput {
		cmd.Stdout = files[0]
	} else {
		cmd.ExtraFiles = files
	}
	confine(cmd)

	// Linux kills the child when the thread that started it ends, so the
	// thread must not end before the child does.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting ffmpeg: %w", err)
	}
	p.read(j.Outputs)
	return ending(cmd.Wait(), l)
}

// ending says what the end of the child means.
func ending(err error, l media.Limits) error {
	exit, ok := errors.AsType[*exec.ExitError](err)
	switch {
	case !ok:
		return err
	case outOfTime(exit.ProcessState):
		return &fingerprint.LimitError{Limit: "wall time", Max: l.WallTime}
	case !exit.Exited():
		return fmt.Errorf("it ended ffmpeg by %s", exit)
	}
	return fmt.Errorf("ffmpeg gave up (%s)", exit)
}

// environment is what ffmpeg needs to start, and nothing that names places
// where it might look for presets or plug-ins.
func environment() []string {
	env := []string{"AV_LOG_FORCE_NOCOLOR=1"}
	for _, name := range []string{"LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SystemRoot"} {
		if value := os.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// pipes carry what ffmpeg writes.
type pipes struct {
	readers, writers []*os.File
}

func openPipes(n int) (*pipes, error) {
	p := &pipes{}
	for range n {
		r, w, err := os.Pipe()
		if err != nil {
			p.close()
			return nil, err
		}
		p.readers, p.writers = append(p.readers, r), append(p.writers, w)
	}
	return p, nil
}

// names are what the child calls the writing ends, the last of the files that
// it inherits after its three standard ones.
func (p *pipes) names(inherited int) []string {
	if oneOutput {
		return []string{"pipe:1"}
	}
	names := make([]string, len(p.writers))
	for i := range names {
		names[i] = "pipe:" + strconv.Itoa(3+inherited-len(names)+i)
	}
	return names
}

// read closes our copies of the writing ends, so that the child's are the
// only ones, and passes on all that comes until the child ends or a writer
// fails, which ends the child.
func (p *pipes) read(outputs []io.Writer) {
	for _, w := range p.writers {
		w.Close()
	}
	var all sync.WaitGroup
	for i, r := range p.readers {
		all.Go(func() {
			defer r.Close()
			// Only the reading fails or the writing; both show in the end of
			// the run. The struct hides os.File's own way of copying.
			io.CopyBuffer(outputs[i], struct{ io.Reader }{r}, make([]byte, 64<<10))
		})
	}
	all.Wait()
}

func (p *pipes) close() {
	for _, f := range append(p.readers, p.writers...) {
		f.Close()
	}
}
