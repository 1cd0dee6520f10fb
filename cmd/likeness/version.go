package main

import (
	"fmt"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
)

// versionFlag prints what a report of a fault must tell, and ends.
type versionFlag bool

func (versionFlag) BeforeReset(app *kong.Kong) error {
	fmt.Fprint(app.Stdout, versions())
	app.Exit(exitFine)
	return nil
}

// versions names the program, the algorithms that decide whether an index can
// be used, and what can be read on this machine.
func versions() string {
	var b strings.Builder
	fmt.Fprintf(&b, "likeness %s, %s %s/%s\n", build(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	b.WriteString("algorithms:")
	for _, s := range fingerprint.Specs() {
		fmt.Fprintf(&b, " %s", s.Algorithm)
	}
	b.WriteString("\ndecoders, the preferred first:\n")
	for _, d := range media.Decoders() {
		state := "available"
		if d.Name == "ffmpeg" {
			state = ffmpegVersion()
		}
		if d.Available != nil {
			if err := d.Available(); err != nil {
				state = "not here: " + err.Error()
			}
		}
		fmt.Fprintf(&b, "  %s: %s\n", d.Name, state)
	}
	return b.String()
}

// build is the version of the module, or the commit it was built from.
func build() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown build)"
	}
	return info.Main.Version
}

// ffmpegVersion is the third word of its first line: "ffmpeg version 5.1.9 ...".
func ffmpegVersion() string {
	out, err := exec.Command("ffmpeg", "-version").Output()
	words := strings.Fields(string(out))
	if err != nil || len(words) < 3 {
		return "does not start"
	}
	return words[2]
}
