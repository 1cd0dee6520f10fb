package main

import (
	"context"
	"html/template"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A beep of a tenth of a second, and a red dot: what an exhibit holds.
const (
	beep = "data:audio/wav;base64,UklGRiwAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQgAAACAv/+/gEAAQA=="
	dot  = "data:image/gif;base64,R0lGODdhAQABAIABAP8AAAAAACwAAAAAAQABAAACAkQBADs="
)

// sampleResult is a result with all that the page can show.
func sampleResult() *result {
	rows := func(hits int) []outcome {
		var all []outcome
		for i, name := range []string{"speed", "speed", "noise <loud>"} {
			for n := range 10 {
				o := copyOf(name, []string{"a"}, said("a", 0.3+0.05*float64(n)))
				o.Strength = []string{"+2 %", "+8 %", "-5 dB"}[i]
				if n >= hits+2*i {
					o.Answers = nil
				}
				all = append(all, o)
			}
		}
		return append(all, strangeOne("s", 0.35), strangeOne("u", 0), strangeOne("v", 0.2))
	}
	r := &result{Version: resultVersion, Corpus: "a test", Machine: thisMachine(2), Sources: []sources{{"audio", 3, 3}},
		Judged: []judged{judge("likeness", 1, rows(5), 0.5), judge("a peer", 1, rows(2), 0)},
		Costs:  []cost{{Kind: "audio", Units: 60, DecodeCPU: 1, HashCPU: 2, Fingerprint: 5000, Registered: 60, Index: 1e6, Lookup: 0.01}},
		Growth: []growth{
			{"audio", 0, 0.001, wilson(9, 10), wilson(0, 20)}, {"audio", 1000, 0.002, wilson(9, 10), wilson(0, 20)}, {"audio", 10_000, 0.009, wilson(9, 10), wilson(1, 20)},
		},
		Excluded: []shared{{"strangers/x", "works/a", "a quotation"}}, Skipped: []string{"notes.bin: no medium"}, Notes: []string{"tlsh skipped: not installed"}}
	e := exhibit{"speed +8 %", "the right work scored 0.100", side{Name: "query.mp3", Sound: beep, Images: []template.URL{dot}}, side{Name: "a", Text: "Once <upon> a time"}}
	r.exhibits = map[string]exhibits{"audio": {[]exhibit{e}, []exhibit{e}}}
	return r
}

func TestPageHoldsEverything(t *testing.T) {
	name := filepath.Join(t.TempDir(), "index.html")
	if err := sampleResult().writePage(name); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"noise &lt;loud&gt;", "&#43;8 %", "a peer", `src="data:audio/wav;base64,Ukl`, "<polyline", "Once &lt;upon&gt;", "a quotation", "notes.bin", "tlsh skipped", "background:hsl("} {
		if !strings.Contains(string(b), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(string(b), "ZgotmplZ") {
		t.Error("the template refused a value as unsafe")
	}
}

func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("the page was not opened: no chromium on PATH (Debian's package chromium)")
	return ""
}

// inspection is put into a copy of the page: it writes into the title what the
// browser made of it.
const inspection = `<script>
addEventListener("load", async () => {
  const audio = [...document.querySelectorAll("audio")], images = [...document.images];
  await Promise.all(audio.map(a => a.readyState > 0 || a.error ? 0 : new Promise(done => { a.onloadedmetadata = a.onerror = done })));
  document.title = JSON.stringify({
    playable: audio.filter(a => a.duration > 0 && !a.error).length, sounds: audio.length,
    seen: images.filter(i => i.naturalWidth > 0).length, images: images.length,
    fetched: performance.getEntriesByType("resource").filter(e => !e.name.startsWith("data:")).length,
    wide: document.documentElement.scrollWidth > innerWidth,
    cells: [...document.querySelectorAll(".cell")].filter(c => getComputedStyle(c).backgroundColor != "rgba(0, 0, 0, 0)").length,
    curves: [...document.querySelectorAll("polyline")].filter(p => p.getBBox().width > 0).length,
  });
});
</script>`

func TestPageInABrowser(t *testing.T) {
	browser := chromium(t)
	dir := t.TempDir()
	name := filepath.Join(dir, "index.html")
	if err := sampleResult().writePage(name); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, append(b, inspection...), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--enable-logging=stderr",
		"--user-data-dir="+filepath.Join(dir, "profile"), "--window-size=1280,1000", "--virtual-time-budget=5000", "--dump-dom", "file://"+name)
	var log strings.Builder
	cmd.Stderr = &log
	dom, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}
	want := `<title>{"playable":2,"sounds":2,"seen":2,"images":2,"fetched":0,"wide":false,"cells":3,"curves":3}</title>`
	if !strings.Contains(string(dom), want) {
		title, _, _ := strings.Cut(string(dom), "</title>")
		_, title, _ = strings.Cut(title, "<title>")
		t.Errorf("the browser says %s, want %s", title, want)
	}
	for line := range strings.Lines(log.String()) {
		if strings.Contains(line, "CONSOLE") {
			t.Errorf("console: %s", line)
		}
	}
}
