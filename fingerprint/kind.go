package fingerprint

import "fmt"

// Kind is what a fingerprint describes. Values are stored: they are only ever
// appended, never renumbered.
type Kind uint8

const (
	KindInvalid Kind = iota
	Audio            // sound on a time axis; positions in seconds
	Picture          // one still picture; positions are pages, from 0
	Video            // moving pictures on a time axis; positions in seconds
	Document         // text; positions in characters of the normalised text
)

var kindNames = [...]string{"invalid", "audio", "picture", "video", "document"}

// String returns the lower-case name that the command line and JSON use.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// Unit is the unit of positions on this kind's axis: "s", "page" or "char".
func (k Kind) Unit() string {
	switch k {
	case Audio, Video:
		return "s"
	case Picture:
		return "page"
	case Document:
		return "char"
	}
	return ""
}

// ParseKind is the inverse of String. It never returns KindInvalid without an error.
func ParseKind(s string) (Kind, error) {
	for k := Audio; int(k) < len(kindNames); k++ {
		if kindNames[k] == s {
			return k, nil
		}
	}
	return KindInvalid, fmt.Errorf("fingerprint: unknown kind %q", s)
}
