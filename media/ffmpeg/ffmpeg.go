// Package ffmpeg decodes sound, films and pictures with the ffmpeg program
// that is found on PATH. Import it for its side effect:
//
//	import _ "github.com/likeness-go/likeness/media/ffmpeg"
//
// It is the decoder for nearly everything. Where ffmpeg is not installed,
// media/ffmpegwasm does the same, slower.
//
// A film is decoded once: sound and pictures come from one child process,
// through two pipes, already mixed to mono, resampled, thinned out in time
// and scaled to what the hashers need. (On Windows, where a child inherits
// no further pipes, they take a process each.)
//
// ffmpeg is a million lines of C fed by strangers. The child may therefore
// open one file, given by number and not by name, and no network address:
// only real containers are read, and playlists and formats that refer to
// other files are refused. It has no terminal, no environment, one thread,
// limits on memory and CPU time set by the kernel (not on Windows; no limit
// of memory on macOS, which has none), it may create no file, and it is
// killed with its whole group on cancellation and, on Linux, when this
// process dies. It is not confined further: who distrusts it more runs the
// whole program in a container, or uses media/ffmpegwasm, which is confined
// by WebAssembly.
package ffmpeg

import (
	"errors"
	"os/exec"

	"github.com/likeness-go/likeness/media"
	"github.com/likeness-go/likeness/media/internal/transcode"
)

var engine = transcode.Engine{Name: "ffmpeg", OneOutput: oneOutput, Run: run}

// Decoder decodes sound and films. It is registered by importing the package.
var Decoder = media.Decoder{
	Name:      "ffmpeg",
	Rank:      media.RankNative,
	Accepts:   transcode.Accepts,
	Available: available,
	Stream:    engine.Stream,
}

// Pictures decodes still pictures, such as HEIC, AVIF and JPEG XL as far as
// the ffmpeg found can. It is registered too, below the pure Go ones.
var Pictures = media.Decoder{
	Name:      "ffmpeg-pictures",
	Rank:      media.RankNative,
	Accepts:   transcode.AcceptsPicture,
	Available: available,
	Picture:   engine.Picture,
}

func init() {
	media.Register(Decoder)
	media.Register(Pictures)
}

func available() error {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		return errors.New("no ffmpeg on PATH")
	}
	return nil
}
