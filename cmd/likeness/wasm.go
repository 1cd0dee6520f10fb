//go:build !noffmpegwasm

package main

// Where no ffmpeg is on PATH, the one compiled to WebAssembly serves. It is
// under the GPL, and so is a binary that holds it: build with
// -tags noffmpegwasm to leave it out.
import _ "github.com/likeness-go/likeness/media/ffmpegwasm"
