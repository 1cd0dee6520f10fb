package ffmpegwasm

import (
	"math"

	"github.com/tetratelabs/wazero/experimental"
)

// memoryLimit allocates the memory of one run. Beyond the limit, which is
// never above the 4 GiB that WebAssembly can address, ffmpeg is told that
// there is no memory.
func memoryLimit(limit int64) experimental.MemoryAllocator {
	most := uint64(math.MaxUint32)
	if limit >= 0 {
		most = min(most, uint64(limit))
	}
	return experimental.MemoryAllocatorFunc(func(capacity, _ uint64) experimental.LinearMemory {
		return &memory{most: most, bytes: make([]byte, 0, min(capacity, most))}
	})
}

type memory struct {
	most  uint64
	bytes []byte
}

// Reallocate grows by at least a quarter, since growing copies.
func (m *memory) Reallocate(size uint64) []byte {
	if size > m.most {
		return nil
	}
	if size > uint64(cap(m.bytes)) {
		grown := make([]byte, size, min(max(size, size/4*5), m.most))
		copy(grown, m.bytes)
		m.bytes = grown
	}
	m.bytes = m.bytes[:size]
	return m.bytes
}

func (m *memory) Free() { m.bytes = nil }
