package main

import (
	"math/rand/v2"
	"sync"
	"unicode"

	"github.com/longbridgeapp/opencc"
)

// converters from one Chinese script to the other, made when first used.
var (
	toTraditional = sync.OnceValues(func() (*opencc.OpenCC, error) { return opencc.New("s2t") })
	toSimplified  = sync.OnceValues(func() (*opencc.OpenCC, error) { return opencc.New("t2s") })
)

func traditional(s string, _ *rand.Rand) string { return converted(s, toTraditional) }
func simplified(s string, _ *rand.Rand) string  { return converted(s, toSimplified) }

// converted is the text in the other script; "" if it cannot be converted.
func converted(s string, converter func() (*opencc.OpenCC, error)) string {
	cc, err := converter()
	if err != nil {
		return ""
	}
	out, err := cc.Convert(s)
	if err != nil {
		return ""
	}
	return out
}

// chinese restricts an alteration to texts in Chinese.
func chinese(alter alteration) alteration {
	return writtenIn(alter, func(han, kana, letters int) bool { return 2*han > letters && 20*kana < han })
}

// japanese restricts an alteration to texts in Japanese, where kana make up
// half of what is written and foreign names stand between.
func japanese(alter alteration) alteration {
	return writtenIn(alter, func(han, kana, letters int) bool { return 4*kana > letters && han > 0 })
}

func writtenIn(alter alteration, suits func(han, kana, letters int) bool) alteration {
	return func(s string, r *rand.Rand) string {
		han, kana, letters := 0, 0, 0
		for _, c := range s {
			switch {
			case unicode.Is(unicode.Han, c):
				han++
			case unicode.In(c, unicode.Hiragana, unicode.Katakana):
				kana++
			}
			if unicode.IsLetter(c) {
				letters++
			}
		}
		if !suits(han, kana, letters) {
			return ""
		}
		return alter(s, r)
	}
}
