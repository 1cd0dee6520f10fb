package pdf

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

const (
	wasmPage = 64 << 10
	// mostMemory is what one worker may use, whatever the limits allow: pages
	// with large pictures and fonts need some ten MB.
	mostMemory = 1 << 30
)

// engines are started when the first PDF comes, one for each limit on memory,
// which belongs to the whole runtime. A program sets one limit.
var engines struct {
	sync.Mutex
	started map[uint32]pdfium.Pool
}

func engine(memory int64) (pdfium.Pool, error) {
	if memory < 0 || memory > mostMemory {
		memory = mostMemory
	}
	pages := uint32(max(1, memory/wasmPage))
	engines.Lock()
	defer engines.Unlock()
	if pool := engines.started[pages]; pool != nil {
		return pool, nil
	}
	pool, err := start(pages)
	if err != nil {
		return nil, err
	}
	if engines.started == nil {
		engines.started = map[uint32]pdfium.Pool{}
	}
	engines.started[pages] = pool
	return pool, nil
}

func start(memoryPages uint32) (pdfium.Pool, error) {
	config := wazero.NewRuntimeConfig().
		// PDFium's setjmp needs the exceptions.
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(memoryPages).
		// So that a call that hangs can be killed. It makes pages three times
		// dearer (measured: 13 ms instead of 4), but compiled WebAssembly that
		// cannot be stopped would hold up the whole process at the next
		// garbage collection.
		WithCloseOnContextDone(true)
	if cache := compilationCache(); cache != nil {
		config = config.WithCompilationCache(cache)
	}
	return webassembly.Init(webassembly.Config{
		MaxTotal:      runtime.GOMAXPROCS(0),
		FSConfig:      wazero.NewFSConfig(), // nil would mount the root of the machine
		RuntimeConfig: config,
		Stdout:        io.Discard,
		Stderr:        io.Discard,
	})
}

// compilationCache is nil if no folder for it can be had.
func compilationCache() wazero.CompilationCache {
	base := os.Getenv("LIKENESS_CACHE")
	if base == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return nil
		}
		base = filepath.Join(user, "likeness")
	}
	dir := filepath.Join(base, "wazero")
	if os.MkdirAll(dir, 0o700) != nil {
		return nil
	}
	cache, err := wazero.NewCompilationCacheWithDir(dir)
	if err != nil {
		return nil
	}
	return cache
}

var errSlow = errors.New("damaged PDF: a page takes too long to read")

// worker is an instance of PDFium that reads one document and is thrown away,
// so that no document meets what another one left in its memory.
type worker struct {
	pdfium pdfium.Pdfium
	ctx    context.Context // done when the worker is to be killed
	cancel context.CancelCauseFunc
	clock  *time.Timer
	most   time.Duration
	unhook func() bool
	killed chan struct{}
}

// hire waits for a free worker; there are as many as cores. The worker is
// killed when ctx is done, or when a page takes longer than pageTime.
func hire(ctx context.Context, memory int64, pageTime time.Duration) (*worker, error) {
	pool, err := engine(memory)
	if err != nil {
		return nil, err
	}
	instance, err := pool.GetInstanceWithContext(ctx)
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, err
	}
	w := &worker{pdfium: instance, most: pageTime, killed: make(chan struct{})}
	w.ctx, w.cancel = context.WithCancelCause(ctx)
	w.clock = time.AfterFunc(pageTime, func() { w.cancel(errSlow) })
	w.unhook = context.AfterFunc(w.ctx, func() {
		instance.Kill()
		close(w.killed)
	})
	return w, nil
}

// nextPage gives the worker its time for one more page.
func (w *worker) nextPage() { w.clock.Reset(w.most) }

func (w *worker) dismiss() {
	w.clock.Stop()
	if w.unhook() {
		w.pdfium.Close()
	} else {
		<-w.killed
	}
	w.cancel(nil)
}
