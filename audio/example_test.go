package audio_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/likeness-go/likeness/audio"
	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/media"
	_ "github.com/likeness-go/likeness/media/sound"
)

// A broadcast is recognised while it runs: every second the landmarks so far
// are compared with a registered work.
func ExampleHasher_live() {
	work, err := fingerprint.File(context.Background(), "../testdata/songs/warmux-divertissement.ogg", nil)
	if err != nil {
		log.Fatal(err)
	}
	broadcast := samples("../testdata/songs/warmux-divertissement.ogg")[30*audio.SampleRate:]

	h := audio.NewHasher()
	for second := 1; second <= 10; second++ {
		if _, err := h.Write(broadcast[:audio.SampleRate]); err != nil {
			log.Fatal(err)
		}
		broadcast = broadcast[audio.SampleRate:]
		sofar, err := h.Fingerprint()
		if err != nil {
			log.Fatal(err)
		}
		found, err := fingerprint.Compare(sofar, work.Fingerprints[0])
		if err != nil {
			log.Fatal(err)
		}
		if len(found) > 0 && found[0].Score >= 0.5 {
			s := found[0]
			fmt.Printf("recognised within 5 s: %t, on air since %.0f s of the work\n", second <= 5, s.Work.From-s.Rate*s.Query.From)
			return
		}
	}
	// Output: recognised within 5 s: true, on air since 30 s of the work
}

// samples stands for the sound card or receiver of a live stream.
func samples(name string) []float32 {
	f, err := os.Open(name)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		log.Fatal(err)
	}
	var all []float32
	var limits *fingerprint.Limits
	_, err = media.Stream(context.Background(), &media.Input{ReaderAt: f, Name: name, Size: info.Size()}, limits.Effective(),
		media.Request{SampleRate: audio.SampleRate},
		media.Sink{Sound: func(s []float32) error {
			all = append(all, s...)
			return nil
		}})
	if err != nil {
		log.Fatal(err)
	}
	return all
}
