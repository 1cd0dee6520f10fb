package fingerprint_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/likeness-go/likeness/fingerprint"
)

func TestText(t *testing.T) {
	f := vector(t).Fingerprints[0]
	text, err := f.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	if s := string(text); !strings.HasPrefix(s, "landmark/1:") || strings.ContainsAny(s, " \n=+") {
		t.Errorf("text form is %q", s)
	}
	binary, err := vector(t).Fingerprints[1].MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	_, other, _ := bytes.Cut(binary, []byte(":"))
	bad := []string{"", "landmark/1", ":", "landmark/1:", string(text[1:]), string(text[:len(text)-1]), string(text) + "=",
		string(text) + "\n", string(text) + " ", "landmark/1:" + string(other), strings.Replace(string(text), ":", ":\n", 1)}
	for _, s := range bad {
		var got fingerprint.Fingerprint
		if err := got.UnmarshalText([]byte(s)); !errors.Is(err, fingerprint.ErrCorrupt) {
			t.Errorf("%q: %v, want ErrCorrupt", s, err)
		}
	}
}

func TestJSON(t *testing.T) {
	f := vector(t).Fingerprints[0]
	type answer struct {
		Kind        fingerprint.Kind
		Algorithm   fingerprint.Algorithm
		Span        fingerprint.Span
		Fingerprint *fingerprint.Fingerprint
	}
	b, err := json.Marshal(answer{f.Kind(), f.Algorithm(), fingerprint.Span{From: 1.25, To: 61}, f})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"Kind":"audio","Algorithm":"landmark/1","Span":[1.25,61],"Fingerprint":"landmark/1:`
	if !strings.HasPrefix(string(b), want) {
		t.Errorf("got %s, want it to begin with %s", b, want)
	}
	var got answer
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if got.Kind != f.Kind() || got.Algorithm != f.Algorithm() || got.Span.From != 1.25 || got.Span.To != 61 || !same(got.Fingerprint, f) {
		t.Errorf("got %+v back", got)
	}
	for _, bad := range []string{`{"Kind":"song"}`, `{"Kind":"invalid"}`, `{"Algorithm":"landmark"}`, `{"Span":[1]}`, `{"Span":[1,2,3]}`, `{"Span":{}}`} {
		if err := json.Unmarshal([]byte(bad), new(answer)); err == nil {
			t.Errorf("%s is accepted", bad)
		}
	}
	for _, bad := range []any{fingerprint.KindInvalid, fingerprint.Kind(99), fingerprint.Algorithm{}} {
		if b, err := json.Marshal(bad); err == nil {
			t.Errorf("%v is encoded as %s", bad, b)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, v := range vector(f).Fingerprints {
		text, err := v.MarshalText()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		var v fingerprint.Fingerprint
		if err := v.UnmarshalText([]byte(text)); err != nil {
			return
		}
		if again, err := v.MarshalText(); err != nil || string(again) != text {
			t.Errorf("%q is encoded as %q, %v", text, again, err)
		}
	})
}
