package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
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
	if t := signed(head); t != "" {
		return t
	}
	t := detect(head)
	if t == "audio/mpeg" {
		t = behindTag(in, head)
	}
	if t == "application/zip" || t == "application/java-archive" {
		if document := packType(in); document != "" {
			return document
		}
	}
	if t != octets && t != "text/plain" {
		return t
	}
	if rest := bytes.TrimLeft(head, "\x00"); len(rest) > 512 && len(rest) < len(head) { // padded in front
		if padded := detect(rest); padded != octets && padded != "text/plain" {
			return padded
		}
	}
	if looksLikeText(head) || utf16Text(head) {
		return "text/plain"
	}
	return octets
}

const octets = "application/octet-stream"

// detect is mimetype's answer, but for what it sees in text by its words: to
// us CSV, source code, subtitles and letters are text, and prose that begins
// like one of them must not be lost.
func detect(head []byte) string {
	t := mimetype.Detect(head)
	name, _, _ := strings.Cut(t.String(), ";")
	if strings.HasPrefix(name, "image/") || name == "text/html" || name == "text/rtf" || name == "application/warc" {
		return name
	}
	for p := t; p != nil; p = p.Parent() {
		if p.Is("text/xml") {
			return name
		}
		if p.Is("text/plain") {
			return "text/plain"
		}
	}
	return name
}

// signatures are those of recordings that mimetype does not know.
var signatures = []struct{ start, mediaType string }{
	{"RF64", "audio/wav"}, {"BW64", "audio/wav"},
	{"fLaC", "audio/flac"},
	{"wvpk", "audio/x-wavpack"},
	{"TTA1", "audio/x-tta"},
	{"caff", "audio/x-caf"},
	{"MAC ", "audio/ape"},
	{"DSD ", "audio/x-dsf"},
	{"\x0b\x77", "audio/ac3"},
	{"\x7f\xfe\x80\x01", "audio/vnd.dts"},
	{"riff\x2e\x91\xcf\x11", "audio/x-w64"},
	{"YUV4MPEG2 ", "video/x-yuv4mpeg"},
	{"DKIF\x00\x00", "video/x-ivf"},
	{"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02", "application/mxf"},
	{".RMF\x00\x00", "application/vnd.rn-realmedia"},
}

func signed(head []byte) string {
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.start)) {
			return s.mediaType
		}
	}
	if transportStream(head, 0, 188) || transportStream(head, 4, 192) {
		return "video/mp2t"
	}
	return ""
}

// transportStream reports whether packets of an MPEG transport stream lie at
// this distance (ISO 13818-1, section 2.4.3.2).
func transportStream(head []byte, from, step int) bool {
	const packets = 5
	for i := range packets {
		if at := from + i*step; at >= len(head) || head[at] != 0x47 {
			return false
		}
	}
	return true
}

// behindTag says what an ID3v2 tag was put in front of: usually MP3, but
// nothing keeps programs from tagging other sound with it.
func behindTag(in *Input, head []byte) string {
	const mp3 = "audio/mpeg"
	if len(head) < 10 || string(head[:3]) != "ID3" {
		return mp3
	}
	size := int64(head[6]&0x7f)<<21 | int64(head[7]&0x7f)<<14 | int64(head[8]&0x7f)<<7 | int64(head[9]&0x7f)
	rest := make([]byte, 4096)
	n, _ := in.ReadAt(rest, size+10) // nothing there: MP3, with a tag that is cut off
	t := signed(rest[:n])
	if t == "" {
		t = detect(rest[:n])
	}
	if strings.HasPrefix(t, "audio/") {
		return t
	}
	return mp3
}

// looksLikeText tells text from binary data: UTF-16 with its mark, valid
// UTF-8, or bytes with few controls. The backspace and escape of terminals
// are none, nor is the substitute that converters leave.
func looksLikeText(head []byte) bool {
	if len(head) == 0 {
		return false
	}
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return true
	}
	controls := 0
	for _, c := range head {
		if c < ' ' && !bytes.ContainsRune([]byte("\b\t\n\v\f\r\x1a\x1b"), rune(c)) {
			if c == 0 {
				return false // in no text but UTF-16
			}
			controls++
		}
	}
	switch {
	case unbroken(head):
		return false
	case validUTF8(head):
		return controls <= len(head)/100
	}
	return controls <= len(head)/500
}

// unbroken reports whether a file is the same few bytes again and again, none
// of them ASCII: erased memory, not text.
func unbroken(head []byte) bool {
	var seen [256]bool
	kinds := 0
	for _, c := range head {
		if !seen[c] {
			seen[c] = true
			kinds++
		}
	}
	return len(head) > 64 && kinds < 4 && !validUTF8(head)
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

// utf16Text finds UTF-16 without a mark: in one of the two orders
// nearly every unit is an assigned character, and some are spaces, ends of
// lines or punctuation. Of random units, one in seven is no character.
func utf16Text(head []byte) bool {
	head = head[:len(head)&^1]
	if len(head) < 32 {
		return false
	}
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		marks, odd, units := 0, 0, len(head)/2
		for i := 0; i < len(head) && odd <= units/50; i += 2 {
			switch c := rune(order.Uint16(head[i:])); {
			case unicode.IsSpace(c) || c == 0x3001 || c == 0x3002 || c == 0xff0c:
				marks++
			case !unicode.IsPrint(c) && !utf16.IsSurrogate(c) && c != '\b' && c != 0x1a && c != 0x1b:
				odd++
			}
		}
		if odd <= units/50 && marks > units/500 {
			return true
		}
	}
	return false
}
