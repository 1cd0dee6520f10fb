package text_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/likeness-go/likeness/media"
	_ "github.com/likeness-go/likeness/media/text"
)

func Example() {
	rtf := `{\rtf1\ansi\ansicpg1251 \'cf\'f0\'e8\'e2\'e5\'f2, \u20013?\u25991?{\v hidden}\par}`
	in := &media.Input{ReaderAt: strings.NewReader(rtf), Size: int64(len(rtf))}
	var limits *media.Limits
	info, err := media.Text(context.Background(), in, limits.Effective(), func(page int, text string) error {
		fmt.Print(text)
		return nil
	})
	fmt.Println(info.Decoder, err)
	// Output:
	// Привет, 中文
	// rtf <nil>
}
