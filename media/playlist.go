package media

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/likeness-go/likeness/fingerprint"
)

// Playlists are files that name other files. Following them would let an
// upload read what its owner cannot, so they are never opened, by whatever
// decoder: package media takes them itself, with the reason as the error.

func init() {
	fingerprint.RegisterExtractor(fingerprint.Extractor{
		Name: "playlist",
		Sniff: func(in *fingerprint.Input) (mediaType string, confidence int) {
			if mediaType = Sniff(in); Refused(mediaType) != nil {
				confidence = 100
			}
			return mediaType, confidence
		},
		Extract: func(context.Context, *fingerprint.Input, fingerprint.Limits) (*fingerprint.Set, error) {
			return nil, errPlaylist
		},
	})
}

var errPlaylist = errors.New("playlist: names other files, which are not opened")

var playlists = []struct{ start, mediaType string }{
	{"#EXTM3U", "application/vnd.apple.mpegurl"},
	{"[playlist]", "audio/x-scpls"},
	{"ffconcat version", "text/x-ffconcat"},
	{"[Reference]", "video/x-ms-asf-plugin"},
	{"<asx", "video/x-ms-asf-plugin"},
	{"RTSPtext", "application/x-quicktimeplayer"},
	{"v=0\r\no=", "application/sdp"},
	{"v=0\no=", "application/sdp"},
}

// xmlPlaylists are told by words near the start of the root element.
var xmlPlaylists = []struct{ words, mediaType string }{
	{"<asx", "video/x-ms-asf-plugin"},
	{"xspf.org/ns", "application/xspf+xml"},
	{"dash:schema:mpd", "application/dash+xml"},
	{"<smil", "application/smil+xml"},
}

// playlist returns the type of a playlist, "" for any other file.
func playlist(head []byte) string {
	text := bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	text = bytes.TrimLeft(text[:min(len(text), 4096)], " \t\r\n")
	for _, p := range playlists {
		if len(text) >= len(p.start) && strings.EqualFold(string(text[:len(p.start)]), p.start) {
			return p.mediaType
		}
	}
	if !bytes.HasPrefix(text, []byte("<")) || webPage(text) {
		return ""
	}
	lower := bytes.ToLower(text[:min(len(text), 2048)])
	for _, p := range xmlPlaylists {
		if bytes.Contains(lower, []byte(p.words)) {
			return p.mediaType
		}
	}
	return ""
}

// webPage tells pages that speak of playlists from playlists.
func webPage(text []byte) bool {
	lower := bytes.ToLower(text[:min(len(text), 512)])
	return bytes.Contains(lower, []byte("<html")) || bytes.Contains(lower, []byte("<!doctype html"))
}

// Refused returns the error for types that are never opened, nil for all others.
func Refused(mediaType string) error {
	switch mediaType {
	case "application/vnd.apple.mpegurl", "application/x-mpegurl", "audio/mpegurl", "audio/x-scpls", "text/x-ffconcat",
		"video/x-ms-asf-plugin", "application/x-quicktimeplayer", "application/sdp",
		"application/xspf+xml", "application/dash+xml", "application/smil+xml":
		return errPlaylist
	}
	return nil
}
