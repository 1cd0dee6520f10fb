// Package ffmpegwasm decodes sound, films and pictures with an ffmpeg that is
// compiled to WebAssembly and part of the program: nothing to install, the
// same on every system. Import it for its side effect:
//
//	import _ "github.com/likeness-go/likeness/media/ffmpegwasm"
//
// It is under the GPL (see NOTICE), and so is a program that imports it. It
// is ranked below media/ffmpeg, which gives the same samples at a third of
// the CPU time.
//
// The file is all that the decoder sees: there is no other file, no network,
// no environment and no process, a fault of its C code stays within its
// memory, and that is bounded by Limits.Memory. A cancelled context stops it
// in any loop.
//
// ffmpeg is compiled to machine code once, which takes some seconds. The
// result is kept in the user's cache folder (likeness/wazero), or in the
// folder that the environment variable LIKENESS_CACHE names, so that later
// processes start in a fraction of a second. Whoever can write there can run
// code as this user: keep it private.
package ffmpegwasm

import (
	"github.com/likeness-go/likeness/media"
	"github.com/likeness-go/likeness/media/internal/transcode"
)

var engine = transcode.Engine{Name: "ffmpeg (wasm)", Run: run}

// Decoder decodes sound and films. It is registered by importing the package.
var Decoder = media.Decoder{
	Name:    "ffmpegwasm",
	Rank:    media.RankWasm,
	Accepts: transcode.Accepts,
	Stream:  engine.Stream,
}

// Pictures decodes still pictures. It is registered too.
var Pictures = media.Decoder{
	Name:    "ffmpegwasm-pictures",
	Rank:    media.RankWasm,
	Accepts: transcode.AcceptsPicture,
	Picture: engine.Picture,
}

func init() {
	media.Register(Decoder)
	media.Register(Pictures)
}
