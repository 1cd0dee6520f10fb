package fingerprint

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// String describes f in a few words. The whole of it is in MarshalText.
func (f *Fingerprint) String() string {
	return fmt.Sprintf("%s: %d features in %d ticks", f.algorithm, len(f.positions), f.extent)
}

var text64 = base64.RawURLEncoding.Strict()

// AppendText appends the text form of f to b: one line without spaces, the
// algorithm, a colon, and the binary form in the URL's base 64.
func (f *Fingerprint) AppendText(b []byte) ([]byte, error) {
	binary, err := f.MarshalBinary()
	if err != nil {
		return nil, err
	}
	b = append(append(b, f.algorithm.String()...), ':')
	return text64.AppendEncode(b, binary), nil
}

// MarshalText returns the text form of f, as in landmark/1:TEtGUAEI...
func (f *Fingerprint) MarshalText() ([]byte, error) { return f.AppendText(nil) }

// UnmarshalText makes f the fingerprint that text says. The errors are those
// of UnmarshalBinary, and f must be new there, too.
func (f *Fingerprint) UnmarshalText(text []byte) error {
	name, encoded, ok := bytes.Cut(text, []byte(":"))
	if !ok || bytes.ContainsAny(encoded, "\r\n") { // which package base64 would skip
		return fmt.Errorf("%w: text is not of the form algorithm:base64", ErrCorrupt)
	}
	binary, err := text64.AppendDecode(nil, encoded)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	var decoded Fingerprint
	if err := decoded.UnmarshalBinary(binary); err != nil {
		return err
	}
	if got := decoded.algorithm.String(); got != string(name) {
		return fmt.Errorf("%w: text says %q, but it holds %s", ErrCorrupt, name, got)
	}
	*f = decoded
	return nil
}

// MarshalText returns what String does; JSON shows a kind by its name. The
// invalid kind gives an error.
func (k Kind) MarshalText() ([]byte, error) {
	if _, err := ParseKind(k.String()); err != nil {
		return nil, err
	}
	return []byte(k.String()), nil
}

// UnmarshalText is the inverse of MarshalText.
func (k *Kind) UnmarshalText(text []byte) (err error) {
	*k, err = ParseKind(string(text))
	return err
}

// MarshalText returns what String does.
func (a Algorithm) MarshalText() ([]byte, error) {
	if !a.valid() {
		return nil, fmt.Errorf("fingerprint: invalid algorithm %q", a)
	}
	return []byte(a.String()), nil
}

// UnmarshalText is the inverse of MarshalText.
func (a *Algorithm) UnmarshalText(text []byte) (err error) {
	*a, err = ParseAlgorithm(string(text))
	return err
}

// MarshalJSON writes a span as [from,to].
func (s Span) MarshalJSON() ([]byte, error) { return json.Marshal([2]float64{s.From, s.To}) }

// UnmarshalJSON is the inverse of MarshalJSON.
func (s *Span) UnmarshalJSON(data []byte) error {
	var ends []float64
	if err := json.Unmarshal(data, &ends); err != nil {
		return err
	}
	if len(ends) != 2 {
		return fmt.Errorf("fingerprint: a span is [from,to], not %d numbers", len(ends))
	}
	s.From, s.To = ends[0], ends[1]
	return nil
}
