package media

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"
)

// sniffed is how much of a file's head is looked at.
const sniffed = 64 << 10

// Sniff says what a file holds, as a media type without parameters. It looks
// at the content only: neither the name nor what an uploader claims counts.
// What nobody knows is application/octet-stream.
func Sniff(in *Input) string {
	head := make([]byte, min(sniffed, in.Size))
	n, err := in.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return octets
	}
	head = head[:n]
	if t := playlist(head); t != "" {
		return t
	}
	t := plain(mimetype.Detect(head).String())
	if t == "application/zip" || t == "application/java-archive" {
		if document := packType(in); document != "" {
			return document
		}
	}
	if t != octets && t != "text/plain" {
		return t
	}
	if rest := bytes.TrimLeft(head, "\x00"); len(rest) > 512 && len(rest) < len(head) { // padded in front
		if padded := plain(mimetype.Detect(rest).String()); padded != octets && padded != "text/plain" {
			return padded
		}
	}
	if looksLikeText(head) {
		return "text/plain"
	}
	return octets
}

const octets = "application/octet-stream"

// plain takes the parameters off a media type.
func plain(t string) string {
	t, _, _ = strings.Cut(t, ";")
	return strings.TrimSpace(t)
}

// playlists are files that name other files. Following them would let an
// upload read what its owner cannot, so they are never opened.
var playlists = []struct{ start, mediaType string }{
	{"#EXTM3U", "application/vnd.apple.mpegurl"},
	{"[playlist]", "audio/x-scpls"},
	{"ffconcat version", "text/x-ffconcat"},
	{"<asx", "video/x-ms-asf-plugin"},
	{"v=0\r\no=", "application/sdp"},
	{"v=0\no=", "application/sdp"},
}

func playlist(head []byte) string {
	text := bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	text = bytes.TrimLeft(text[:min(len(text), 4096)], " \t\r\n")
	for _, p := range playlists {
		if len(text) >= len(p.start) && strings.EqualFold(string(text[:len(p.start)]), p.start) {
			return p.mediaType
		}
	}
	switch lower := bytes.ToLower(text[:min(len(text), 2048)]); {
	case !bytes.HasPrefix(lower, []byte("<")):
	case bytes.Contains(lower, []byte("xspf.org/ns")):
		return "application/xspf+xml"
	case bytes.Contains(lower, []byte("<mpd")) && bytes.Contains(lower, []byte("dash:schema:mpd")):
		return "application/dash+xml"
	case bytes.Contains(lower, []byte("<smil")):
		return "application/smil+xml"
	}
	return ""
}

// Refused returns the error for types that are never opened, nil for all others.
func Refused(mediaType string) error {
	for _, p := range playlists {
		if p.mediaType == mediaType {
			return errPlaylist
		}
	}
	switch mediaType {
	case "application/xspf+xml", "application/dash+xml", "application/smil+xml", "application/x-mpegurl", "audio/mpegurl":
		return errPlaylist
	}
	return nil
}

var errPlaylist = errors.New("playlist: names other files, which are not opened")

// looksLikeText tells text in any encoding from binary data: valid UTF-8, or
// UTF-16 by its many zero bytes on one side, or bytes with few controls.
func looksLikeText(head []byte) bool {
	if len(head) == 0 {
		return false
	}
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return true
	}
	zeros, controls := [2]int{}, 0
	for i, c := range head {
		switch {
		case c == 0:
			zeros[i%2]++
		case c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b:
			controls++
		}
	}
	half := len(head) / 2
	if zeros[0]+zeros[1] > 0 { // only UTF-16 has zero bytes: on one side nearly all of ASCII, few of Chinese
		return controls < len(head)/50 && half > 0 && min(zeros[0], zeros[1]) == 0 && zeros[0]+zeros[1] > half/50 && utf16Text(head, zeros[0] > 0)
	}
	if validUTF8(head) {
		return controls <= len(head)/100
	}
	return controls <= len(head)/500
}

// validUTF8 allows for a rune that the end of the head cut.
func validUTF8(head []byte) bool {
	for range utf8.UTFMax {
		if utf8.Valid(head) {
			return true
		}
		if len(head) == 0 {
			return false
		}
		head = head[:len(head)-1]
	}
	return false
}

// utf16Text reports whether the units are mostly letters of known blocks:
// no unassigned, no private ones, surrogates in pairs.
func utf16Text(head []byte, big bool) bool {
	odd, units := 0, 0
	for i := 0; i+1 < len(head); i += 2 {
		u := uint16(head[i]) | uint16(head[i+1])<<8
		if big {
			u = uint16(head[i])<<8 | uint16(head[i+1])
		}
		units++
		if u < ' ' && u != '\t' && u != '\n' && u != '\r' || u >= 0xe000 && u < 0xf900 || u >= 0xfffe {
			odd++
		}
	}
	return odd <= units/100
}
