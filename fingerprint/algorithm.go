package fingerprint

import (
	"fmt"
	"strconv"
	"strings"
)

// Algorithm names one frozen way to make a fingerprint, such as landmark/1.
// Once released, an algorithm never changes by a single bit: a better one is
// a new version.
type Algorithm struct {
	Name    string // lower-case letters, digits and '-', 1 to 32 of them
	Version int    // from 1 to 65535
}

// String returns "name/version".
func (a Algorithm) String() string { return a.Name + "/" + strconv.Itoa(a.Version) }

// ParseAlgorithm is the inverse of String.
func ParseAlgorithm(s string) (Algorithm, error) {
	name, version, ok := strings.Cut(s, "/")
	n, err := strconv.Atoi(version)
	a := Algorithm{name, n}
	if !ok || err != nil || !a.valid() || a.String() != s {
		return Algorithm{}, fmt.Errorf("fingerprint: %q is no algorithm: want name/version, as in landmark/1", s)
	}
	return a, nil
}

func (a Algorithm) valid() bool {
	if len(a.Name) == 0 || len(a.Name) > 32 || a.Version < 1 || a.Version > 65535 {
		return false
	}
	for i := range len(a.Name) {
		c := a.Name[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}
