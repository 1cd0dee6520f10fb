package media

import (
	"bytes"
	"encoding/binary"
)

// packMembers tell documents that are zip files by a member that all of their
// kind have, for those whose writers did not put it where sniffers look.
var packMembers = map[string]string{
	"META-INF/container.xml": "application/epub+zip",
	"word/document.xml":      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

const (
	endOfDirectory = "PK\x05\x06"
	directoryEntry = "PK\x01\x02"
	mostDirectory  = 1 << 20 // bytes of the directory that are looked at
)

// packType returns the type of a document that is a zip file, or "" if it is
// another one, by the names in its directory (APPNOTE 4.3.12, 4.3.16).
func packType(in *Input) string {
	tail := make([]byte, min(in.Size, 22+65535))
	if n, _ := in.ReadAt(tail, in.Size-int64(len(tail))); n < len(tail) {
		return ""
	}
	end := bytes.LastIndex(tail, []byte(endOfDirectory))
	if end < 0 || len(tail)-end < 22 {
		return ""
	}
	size := min(binary.LittleEndian.Uint32(tail[end+12:]), mostDirectory)
	directory := make([]byte, min(int64(size), in.Size))
	n, _ := in.ReadAt(directory, int64(binary.LittleEndian.Uint32(tail[end+16:])))
	for d := directory[:n]; len(d) >= 46 && string(d[:4]) == directoryEntry; {
		name := int(binary.LittleEndian.Uint16(d[28:]))
		next := 46 + name + int(binary.LittleEndian.Uint16(d[30:])) + int(binary.LittleEndian.Uint16(d[32:]))
		if next > len(d) {
			return ""
		}
		if t := packMembers[string(d[46:46+name])]; t != "" {
			return t
		}
		d = d[next:]
	}
	return ""
}
