package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

// openInput opens a file for package media; done closes it.
func openInput(path string) (in *media.Input, done func() error, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return &media.Input{ReaderAt: f, Name: path, Path: path, Size: info.Size()}, f.Close, nil
}

// kindOf says what kind of media a file holds, by its content.
func kindOf(path string) (fingerprint.Kind, error) {
	in, done, err := openInput(path)
	if err != nil {
		return fingerprint.KindInvalid, err
	}
	defer done()
	t := media.Sniff(in)
	switch {
	case strings.HasPrefix(t, "image/"):
		return fingerprint.Picture, nil
	case strings.HasPrefix(t, "audio/"):
		return fingerprint.Audio, nil
	case strings.HasPrefix(t, "video/"):
		return fingerprint.Video, nil
	case media.CanText(t):
		return fingerprint.Document, nil
	}
	return fingerprint.KindInvalid, fmt.Errorf("%s is no medium", t)
}

var durationLine = regexp.MustCompile(`Duration: (\d+):(\d+):([\d.]+)`)

// durationOf asks ffmpeg how long a file plays, in seconds.
func durationOf(ctx context.Context, path string) (float64, error) {
	out, _ := exec.CommandContext(ctx, "ffmpeg", "-hide_banner", "-nostdin", "-i", path).CombinedOutput() // no output file: it always fails
	m := durationLine.FindSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("%s: no duration", path)
	}
	var t float64
	for _, part := range m[1:] {
		x, err := strconv.ParseFloat(string(part), 64)
		if err != nil {
			return 0, err
		}
		t = 60*t + x
	}
	return t, nil
}
