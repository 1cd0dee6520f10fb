package main

import (
	"bufio"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
)

// machine is what a run was made on: CPU seconds of different machines are
// not comparable, and another ffmpeg makes other queries.
type machine struct {
	CPU     string            `json:"cpu"`
	Cores   int               `json:"cores"`
	System  string            `json:"system"`
	Go      string            `json:"go"`
	Commit  string            `json:"commit,omitempty"` // of Likeness, where Go stamped it
	Tools   map[string]string `json:"tools"`            // of ffmpeg and the peers' programs, what they say of themselves
	Workers int               `json:"workers"`          // files worked on at the same time
}

func thisMachine(workers int) machine {
	m := machine{CPU: cpuModel(), Cores: runtime.NumCPU(), System: runtime.GOOS + "/" + runtime.GOARCH,
		Go: runtime.Version(), Tools: map[string]string{}, Workers: workers}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" || s.Key == "vcs.modified" && s.Value == "true" {
				m.Commit = strings.TrimSpace(m.Commit + " " + strings.Replace(s.Value, "true", "modified", 1))
			}
		}
	}
	for name, option := range map[string]string{"ffmpeg": "-version", "fpcalc": "-version", "ssdeep": "-V", "tlsh": "-version"} {
		if _, err := exec.LookPath(name); err != nil {
			continue
		}
		out, _ := exec.Command(name, option).CombinedOutput() // some answer with a status
		line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
		line, _, _ = strings.Cut(line, " Copyright")
		m.Tools[name] = line
	}
	return m
}

// cpuModel is the processor's name; "" where the system does not say.
func cpuModel() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if name, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.HasPrefix(name, "model name") {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
