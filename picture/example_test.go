package picture_test

import (
	"fmt"
	"image"
	_ "image/jpeg"
	"os"

	"github.com/likeness-go/likeness/picture"
)

func ExamplePDQ() {
	f, err := os.Open("../testdata/pictures/ladybird.jpg")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		fmt.Println(err)
		return
	}
	hash, quality := picture.PDQ(img)
	same, err := picture.ParseHash(hash.String())
	fmt.Println(quality >= picture.LeastQuality, hash.Distance(same) <= picture.MatchDistance, err)
	// Output: true true <nil>
}
