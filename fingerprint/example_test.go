package fingerprint_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/likeness-go/likeness/fingerprint"
)

// The copy holds the work from its fourth integer on. Integers are the medium
// of this package's tests; a program imports audio, video and the like.
func ExampleCompare() {
	ctx := context.Background()
	work, err := fingerprint.Read(ctx, strings.NewReader("INTS 27 18 28 18 28 45 90 45"), nil)
	if err != nil {
		log.Fatal(err)
	}
	upload, err := fingerprint.Read(ctx, strings.NewReader("INTS 99 98 97 27 18 28 18 28 45 90 45"), nil)
	if err != nil {
		log.Fatal(err)
	}
	segments, err := fingerprint.Compare(upload.Fingerprints[0], work.Fingerprints[0])
	if err != nil {
		log.Fatal(err)
	}
	best := segments[0]
	fmt.Printf("%.1f to %.1f s of the upload show %.1f to %.1f s of the work\n",
		best.Query.From, best.Query.To, best.Work.From, best.Work.To)
	// Output: 1.5 to 5.5 s of the upload show 0.0 to 4.0 s of the work
}

func ExampleFile() {
	set, err := fingerprint.File(context.Background(), "testdata/no-such-file.mp4", &fingerprint.Options{Name: "film.mp4"})
	fmt.Println(set, err)
	// Output: <nil> film.mp4: no such file or directory
}
