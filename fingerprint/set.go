package fingerprint

import "time"

// A Set holds everything that was learnt of one file: the fingerprints of its
// tracks, and what was read. A film has a picture track and a sound track.
type Set struct {
	Fingerprints []*Fingerprint
	SHA256       [32]byte      // of the whole file
	Size         int64         // bytes
	Type         string        // media type as sniffed from the content, such as "video/mp4"
	Kind         Kind          // of the file as a whole: Video for a film with sound
	Duration     time.Duration // of sound or film, otherwise 0
	Decoder      string        // which decoder read it, such as "ffmpeg 5.1.9" or "flac"
	// Incomplete says why a part of the file could not be read ("truncated:
	// 12.0 of 60.0 s could be read"); "" when all was. A match in what could
	// be read stands; where there is none, the file is unscannable, not clean.
	Incomplete string
}

// Of returns the fingerprints of a kind.
func (s *Set) Of(k Kind) []*Fingerprint {
	var of []*Fingerprint
	for _, f := range s.Fingerprints {
		if f.kind == k {
			of = append(of, f)
		}
	}
	return of
}
