// Package media turns a stranger's bytes into what hashers work on: sound
// samples, frames, pictures and text. It sniffs what a file holds by its
// content, never by its name, keeps the limits, and chooses a decoder from
// those that the program imported.
//
// Everything here is fed by strangers: a decoder that is native code runs in
// a process of its own, none may use the network, and each error says in one
// line what is wrong with the file.
package media

import (
	"context"
	"image"
	"time"

	"github.com/likeness-go/likeness/fingerprint"
)

// Limits bound what one file may cost.
type Limits = fingerprint.Limits

// Input is one file.
type Input = fingerprint.Input

// Request says what to decode of a film or sound, and how small: a decoder
// scales and resamples to what the hashers need, in one pass over the file.
type Request struct {
	SampleRate  int     // of the sound, in Hz, mixed down to mono; 0: no sound is wanted
	FrameRate   float64 // frames a second of the pictures, evenly spaced; 0: no pictures are wanted
	FrameWidth  int     // frames are scaled to exactly this size, the aspect ratio is not kept
	FrameHeight int
}

// Info is what a decoder learnt of a file beside its samples.
type Info struct {
	Decoder    string        // its name and version, such as "ffmpeg 5.1.9"
	Duration   time.Duration // of what was decoded
	HasSound   bool
	HasFrames  bool
	Width      int // of the pictures in the file, 0 if there are none
	Height     int
	Incomplete string // why a part could not be read, see fingerprint.Set
}

// Sink takes what a decoder reads. Sound and Frame may be called at the same
// time as each other, but neither at the same time as itself. What they are
// given is theirs only until they return. An error from one ends the decoding
// and is returned as it is.
type Sink struct {
	// Sound takes the next mono samples, -1 to 1, without gaps from time 0:
	// a track that starts late begins with silence.
	Sound func(samples []float32) error
	// Frame takes the next picture, in grey, at t from the start.
	Frame func(t time.Duration, frame *image.Gray) error
	// Reset is called when a decoder failed after it had delivered something
	// and another one starts over.
	Reset func()
}

// A Decoder reads some formats. Unused functions are nil.
type Decoder struct {
	Name string // "flac", "ffmpeg": recorded in every Set
	// Rank orders the decoders that accept a type: the highest that is
	// available tries first, the next one if it fails.
	Rank    int
	Accepts func(mediaType string) bool
	// Available says why the decoder cannot run here ("no ffmpeg on PATH"),
	// nil if it can. nil function: always.
	Available func() error

	// Stream decodes sound and moving pictures.
	Stream func(ctx context.Context, in *Input, l Limits, r Request, s Sink) (Info, error)
	// Picture decodes a still picture, upright (EXIF orientation applied).
	Picture func(ctx context.Context, in *Input, l Limits) (image.Image, Info, error)
	// Text takes the text of a document, page by page or block by block in
	// reading order; page counts from 0, and is 0 throughout when the format
	// knows no pages.
	Text func(ctx context.Context, in *Input, l Limits, emit func(page int, text string) error) (Info, error)
}
