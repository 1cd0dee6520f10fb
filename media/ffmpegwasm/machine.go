package ffmpegwasm

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"codeberg.org/gruf/go-ffmpreg/embed"
	"codeberg.org/gruf/go-ffmpreg/wasm"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/experimental"
	"github.com/tetratelabs/wazero/experimental/sys"
	"github.com/tetratelabs/wazero/experimental/sysfs"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
	"github.com/likeness-go/likeness/media/internal/transcode"
)

// machine is ffmpeg compiled for this processor. All runs share it.
type machine struct {
	runtime wazero.Runtime
	program wazero.CompiledModule
	err     error
}

var shared struct {
	once  sync.Once
	ready chan struct{}
	machine
}

// load compiles ffmpeg or takes it from the cache. The compilation goes on
// when the first caller gives up, since the next one needs it.
func load(ctx context.Context) (*machine, error) {
	shared.once.Do(func() {
		shared.ready = make(chan struct{})
		go func() {
			defer close(shared.ready)
			shared.machine = compile(context.Background())
		}()
	})
	select {
	case <-shared.ready:
		return &shared.machine, shared.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func compile(ctx context.Context) (m machine) {
	// Loops check whether they shall end, or a crafted file could run for
	// ever without reading or writing.
	config := wazero.NewRuntimeConfig().WithCloseOnContextDone(true).WithCompilationCache(cache())
	ctx = experimental.WithCompilationWorkers(ctx, runtime.GOMAXPROCS(0))
	if m.runtime, m.err = wasm.NewRuntime(ctx, config); m.err != nil {
		return m
	}
	m.program, m.err = m.runtime.CompileModule(ctx, embed.B())
	embed.Free() // 20 MB
	return m
}

// leastMemory is what ffmpeg needs to start, in bytes.
func (m *machine) leastMemory() (least int64) {
	for _, memory := range m.program.ExportedMemories() {
		least = max(least, int64(memory.Min())<<16)
	}
	return least
}

// cache is on disk, or in memory where no folder can be had.
func cache() wazero.CompilationCache {
	dir := os.Getenv("LIKENESS_CACHE")
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return wazero.NewCompilationCache()
		}
		dir = filepath.Join(base, "likeness")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return wazero.NewCompilationCache()
	}
	c, err := wazero.NewCompilationCacheWithDir(filepath.Join(dir, "wazero"))
	if err != nil {
		return wazero.NewCompilationCache()
	}
	return c
}

// run is transcode.Engine.Run within WebAssembly.
func run(ctx context.Context, in *media.Input, l media.Limits, j transcode.Job) error {
	files := map[string]sys.File{"input": newSource(in)}
	names := make([]string, len(j.Outputs))
	for i, w := range j.Outputs {
		name := fmt.Sprintf("output%d", i)
		names[i] = "file:/" + name
		files[name] = &sink{w: w}
	}
	return execute(ctx, l, j.Args("file:/input", names), &disk{files: files}, j.Log)
}

// execute runs ffmpeg with a file system of its own.
func execute(ctx context.Context, l media.Limits, args []string, root sys.FS, log io.Writer) error {
	m, err := load(ctx)
	if err != nil {
		return err
	}
	if least := m.leastMemory(); l.Memory >= 0 && l.Memory < least {
		return &fingerprint.LimitError{Limit: "memory", Value: least, Max: l.Memory}
	}
	ctx = experimental.WithMemoryAllocator(ctx, memoryLimit(l.Memory))
	status, err := wasm.Run(ctx, m.runtime, m.program, wasm.Args{
		Name: "ffmpeg", Args: args, Stderr: log,
		Config: func(c wazero.ModuleConfig) wazero.ModuleConfig {
			return c.WithFSConfig(wazero.NewFSConfig().(sysfs.FSConfig).WithSysFSMount(root, "/"))
		},
	})
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return fmt.Errorf("it made ffmpeg fail: %w", err)
	case status != 0:
		return fmt.Errorf("ffmpeg gave up (status %d)", status)
	}
	return nil
}
