package sound

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/likeness-go/likeness/media"
)

// wave describes the samples of a WAV file. github.com/go-audio/wav takes
// floats for integers and stops at truncated and streamed files; hence this.
type wave struct {
	float      bool
	channels   int
	rate       int
	width      int   // bytes a sample
	data, size int64 // where the samples lie
	total      int64 // bytes of samples that the header promises; size is what is there
}

// Format tags, of which Microsoft's mmreg.h has the whole list.
const (
	wavePCM        = 1
	waveFloat      = 3
	waveExtensible = 0xfffe
)

// decodeWAV reads RIFF, RF64 and BW64 (EBU Tech 3306, ITU-R BS.2088).
func decodeWAV(in *media.Input, open func(rate, channels int) (*track, error)) (*track, error) {
	w, err := readWave(in)
	if err != nil {
		return nil, err
	}
	t, err := open(w.rate, w.channels)
	if err != nil {
		return nil, err
	}
	r := bufio.NewReaderSize(io.NewSectionReader(in, w.data, w.size), 64<<10)
	raw := make([]byte, chunk*w.width*w.channels)
	samples := make([]float32, chunk*w.channels)
	for {
		n, err := io.ReadFull(r, raw)
		whole := n / (w.width * w.channels) * w.channels
		w.convert(samples, raw[:whole*w.width])
		if err := t.write(samples[:whole]); err != nil {
			return nil, err
		}
		if ended(err) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	if w.total > w.size {
		return t, t.truncated(w.total / int64(w.width*w.channels))
	}
	if t.read == 0 {
		return nil, errors.New("no sound in it")
	}
	return t, nil
}

// convert turns little-endian samples into floats.
func (w *wave) convert(samples []float32, raw []byte) {
	switch {
	case w.float && w.width == 8:
		for i := 0; len(raw) >= 8; i, raw = i+1, raw[8:] {
			samples[i] = float32(math.Float64frombits(binary.LittleEndian.Uint64(raw)))
		}
	case w.float:
		for i := 0; len(raw) >= 4; i, raw = i+1, raw[4:] {
			samples[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw))
		}
	case w.width == 1: // the only unsigned one
		for i, b := range raw {
			samples[i] = float32(int(b)-128) / 128
		}
	case w.width == 2:
		for i := 0; len(raw) >= 2; i, raw = i+1, raw[2:] {
			samples[i] = float32(int16(binary.LittleEndian.Uint16(raw))) / (1 << 15)
		}
	case w.width == 3:
		for i := 0; len(raw) >= 3; i, raw = i+1, raw[3:] {
			v := int32(uint32(raw[0])<<8 | uint32(raw[1])<<16 | uint32(raw[2])<<24)
			samples[i] = float32(v) / (1 << 31)
		}
	default:
		for i := 0; len(raw) >= 4; i, raw = i+1, raw[4:] {
			samples[i] = float32(int32(binary.LittleEndian.Uint32(raw))) / (1 << 31)
		}
	}
}

// readWave finds the format and the samples among the chunks.
func readWave(in *media.Input) (*wave, error) {
	var head [12]byte
	if _, err := in.ReadAt(head[:], 0); err != nil {
		return nil, errors.New("truncated: ends within its header")
	}
	form := string(head[:4])
	if form != "RIFF" && form != "RF64" && form != "BW64" || string(head[8:]) != "WAVE" {
		return nil, errors.New("not a WAV file")
	}
	var w *wave
	long := int64(-1) // length of the samples, from RF64's ds64 chunk
	for at, chunks := int64(12), 0; ; chunks++ {
		var h [8]byte
		if _, err := in.ReadAt(h[:], at); err != nil || chunks > 1000 {
			return nil, errors.New("truncated: ends before its samples")
		}
		id, size := string(h[:4]), int64(binary.LittleEndian.Uint32(h[4:]))
		at += 8
		switch id {
		case "ds64":
			var sizes [16]byte
			if _, err := in.ReadAt(sizes[:], at); err == nil {
				long = int64(binary.LittleEndian.Uint64(sizes[8:]) & math.MaxInt64)
			}
		case "fmt ":
			var err error
			if w, err = readFormat(in, at, size); err != nil {
				return nil, err
			}
		case "data":
			if w == nil {
				return nil, errors.New("damaged: samples before their format")
			}
			return w, w.place(in, at, size, long)
		}
		at += size + size&1
	}
}

// place notes where the samples lie. Programs that stream write a length of 0
// or of all ones: then they go on to the end of the file.
func (w *wave) place(in *media.Input, at, size, long int64) error {
	left := in.Size - at
	switch {
	case size == math.MaxUint32 && long >= 0:
		size = long
	case size == math.MaxUint32, size == 0:
		size = left
	}
	w.data, w.total, w.size = at, size, min(size, left)
	if rest := left - w.size; rest > 0 && rest >= w.size {
		return errTrailing // mostly something else: players do not agree on such files
	}
	return nil
}

func readFormat(in *media.Input, at, size int64) (*wave, error) {
	f := make([]byte, min(size, 40))
	if _, err := in.ReadAt(f, at); err != nil || len(f) < 16 {
		return nil, errors.New("truncated: ends within its format")
	}
	tag := binary.LittleEndian.Uint16(f)
	if tag == waveExtensible && len(f) >= 26 {
		tag = binary.LittleEndian.Uint16(f[24:])
	}
	bits := int(binary.LittleEndian.Uint16(f[14:]))
	w := &wave{
		float:    tag == waveFloat,
		channels: int(binary.LittleEndian.Uint16(f[2:])),
		rate:     int(binary.LittleEndian.Uint32(f[4:])),
		width:    (bits + 7) / 8,
	}
	switch block := int(binary.LittleEndian.Uint16(f[12:])); {
	case tag != wavePCM && tag != waveFloat:
		return nil, fmt.Errorf("no decoder for its codec, WAV format %#04x", tag)
	case w.float && w.width != 4 && w.width != 8, !w.float && (w.width < 1 || w.width > 4):
		return nil, fmt.Errorf("no decoder for samples of %d bits", bits)
	case w.channels < 1 || w.channels > 255 || block != w.channels*w.width:
		return nil, fmt.Errorf("damaged: %d channels of %d bits in blocks of %d bytes", w.channels, bits, block)
	}
	return w, nil
}
