package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/likeness-go/likeness/media/ffmpegwasm"
)

// ffmpegTo makes an alteration of ffmpeg's output options.
func ffmpegTo(options ...string) func(context.Context, string, string) error {
	return func(ctx context.Context, from, to string) error {
		return ffmpeg(ctx, from, to, nil, options)
	}
}

// ffmpegCut takes some seconds out of a file and encodes them anew.
func ffmpegCut(start, seconds float64, options ...string) func(context.Context, string, string) error {
	number := func(x float64) string { return strconv.FormatFloat(x, 'f', 3, 64) }
	return func(ctx context.Context, from, to string) error {
		return ffmpeg(ctx, from, to, []string{"-ss", number(start), "-t", number(seconds)}, options)
	}
}

// ffmpeg runs the one on PATH or, where there is none, the one compiled to
// WebAssembly.
func ffmpeg(ctx context.Context, from, to string, cut, options []string) error {
	args := append([]string{"-v", "error", "-nostdin", "-y"}, cut...)
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		return ffmpegwasm.Convert(ctx, from, to, args, options)
	}
	from, err := filepath.Abs(from)
	if err != nil {
		return err
	}
	args = append(append(append(args, "-i", from), options...), to)
	out, err := exec.CommandContext(ctx, "ffmpeg", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ffmpeg: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return nil
}
