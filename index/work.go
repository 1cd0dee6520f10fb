package index

import (
	"fmt"
	"maps"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Work is something that is to be recognised: what its holder calls it, and
// what is to happen with copies of it.
type Work struct {
	// ID names the work: 1 to 512 bytes of UTF-8 without control characters.
	ID     string `json:"id"`
	Title  string `json:"title,omitempty"`
	Holder string `json:"holder,omitempty"` // of the rights
	// Policy says what to do with a copy. The zero Policy registers as Review.
	Policy Policy `json:"policy"`
	// Territories are where the policy holds; none means everywhere.
	Territories []string `json:"territories,omitempty"`
	// Registered is the time of registration, unless the caller sets another.
	Registered time.Time         `json:"registered,omitzero"`
	Meta       map[string]string `json:"meta,omitempty"`
}

// Policy is what a holder wants done with a copy. Values are stored by name.
type Policy uint8

const (
	_      Policy = iota
	Block         // refuse it
	Review        // let a person decide
	Track         // let it pass and count it
	Allow         // let it pass
)

var policyNames = [...]string{"", "block", "review", "track", "allow"}

// String returns the lower-case name, "" for the zero Policy.
func (p Policy) String() string {
	if int(p) < len(policyNames) {
		return policyNames[p]
	}
	return fmt.Sprintf("policy(%d)", uint8(p))
}

// ParsePolicy is the inverse of String, but for the zero Policy.
func ParsePolicy(s string) (Policy, error) {
	if i := slices.Index(policyNames[1:], s); i >= 0 {
		return Policy(i + 1), nil
	}
	return 0, fmt.Errorf("index: unknown policy %q, want block, review, track or allow", s)
}

// MarshalText returns the name.
func (p Policy) MarshalText() ([]byte, error) {
	if p == 0 || int(p) >= len(policyNames) {
		return nil, fmt.Errorf("index: invalid policy %d", uint8(p))
	}
	return []byte(policyNames[p]), nil
}

// UnmarshalText takes a name.
func (p *Policy) UnmarshalText(text []byte) (err error) {
	*p, err = ParsePolicy(string(text))
	return err
}

const (
	maxID   = 512
	maxWork = 64 << 10 // all fields of a work as they are stored
)

func (w *Work) check() error {
	for _, s := range append([]string{w.ID, w.Title, w.Holder}, w.Territories...) {
		if !utf8.ValidString(s) {
			return fmt.Errorf("%w: %q is not UTF-8", ErrInvalidWork, s)
		}
	}
	for k, v := range w.Meta {
		if !utf8.ValidString(k) || !utf8.ValidString(v) {
			return fmt.Errorf("%w: meta %q: %q is not UTF-8", ErrInvalidWork, k, v)
		}
	}
	switch {
	case w.ID == "":
		return fmt.Errorf("%w: empty ID", ErrInvalidWork)
	case len(w.ID) > maxID:
		return fmt.Errorf("%w: an ID of %d bytes, at most %d are allowed", ErrInvalidWork, len(w.ID), maxID)
	case slices.ContainsFunc([]rune(w.ID), unicode.IsControl):
		return fmt.Errorf("%w: control character in ID %q", ErrInvalidWork, w.ID)
	case int(w.Policy) >= len(policyNames):
		return fmt.Errorf("%w: %s", ErrInvalidWork, w.Policy)
	}
	return nil
}

// same reports whether registering w over old would change nothing.
func (w *Work) same(old *Work) bool {
	return w.ID == old.ID && w.Title == old.Title && w.Holder == old.Holder && w.Policy == old.Policy &&
		slices.Equal(w.Territories, old.Territories) && maps.Equal(w.Meta, old.Meta) &&
		(w.Registered.IsZero() || w.Registered.Equal(old.Registered))
}
