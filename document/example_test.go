package document_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/likeness-go/likeness/document"
	"github.com/likeness-go/likeness/fingerprint"
)

const (
	chapter = `The old lady pulled her spectacles down and looked over them about the room; then she put them up
		and looked out under them. She seldom or never looked through them for so small a thing as a boy; they
		were her state pair, the pride of her heart, and were built for "style," not service - she could have
		seen through a pair of stove-lids just as well. She looked perplexed for a moment, and then said, not
		fiercely, but still loud enough for the furniture to hear: "Well, I lay if I get hold of you I'll -"`
	post = `My favourite page, with everything in capitals: SHE SELDOM OR NEVER LOOKED THROUGH THEM FOR SO SMALL
		A THING AS A BOY; THEY WERE HER STATE PAIR, THE PRIDE OF HER HEART, AND WERE BUILT FOR "STYLE," NOT
		SERVICE - SHE COULD HAVE SEEN THROUGH A PAIR OF STOVE-LIDS JUST AS WELL. SHE LOOKED PERPLEXED FOR A MOMENT.`
)

func fingerprintOf(text string) *fingerprint.Fingerprint {
	h := document.NewHasher()
	h.WriteString(text)
	f, err := h.Fingerprint()
	if err != nil {
		log.Fatal(err)
	}
	return f
}

func Example() {
	segments, err := fingerprint.Compare(fingerprintOf(post), fingerprintOf(chapter))
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range segments {
		fmt.Printf("characters %.0f to %.0f, score above 0.5: %t\n", s.Query.From, s.Query.To, s.Score > 0.5)
	}
	// Output: characters 40 to 296, score above 0.5: true
}

func ExampleHasher() {
	h := document.NewHasher()
	for line := range strings.Lines(chapter) { // in any pieces
		h.WriteString(line)
	}
	f, err := h.Fingerprint()
	fmt.Println(f.Algorithm(), f.Extent(), "characters", err)
	// Output: shingle/1 484 characters <nil>
}
