package text

import (
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
)

func init() {
	register("ole", refuseOLE, "application/x-ole-storage", "application/msword", "application/x-cfb",
		"application/vnd.ms-office", "application/encrypted")
}

const (
	oleMagic     = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	oleEnd       = 0xfffffffe
	oleEntrySize = 128
	mostSectors  = 4096 // of the directory: a document needs one or two
)

// refuseOLE says why an OLE compound file ([MS-CFB]) cannot be read: it is a
// document under a password, or one of the binary formats before 2007.
func refuseOLE(d *document, _ *writer) (string, error) {
	names, err := oleNames(d)
	if err != nil {
		return "", err
	}
	switch {
	case names["EncryptedPackage"] || names["EncryptionInfo"]:
		return "", errEncrypted
	case names["WordDocument"]:
		return "", errors.New("unsupported: Word 97 binary")
	case names["Workbook"] || names["Book"]:
		return "", errors.New("unsupported: Excel 97 binary")
	case names["PowerPoint Document"]:
		return "", errors.New("unsupported: PowerPoint 97 binary")
	}
	return "", errors.New("unsupported: OLE compound file of an unknown program")
}

// oleNames returns the names of the streams in an OLE compound file.
func oleNames(d *document) (map[string]bool, error) {
	header := make([]byte, 512)
	if n, err := d.in.ReadAt(header, 0); n < len(header) {
		return nil, damaged("OLE header", orEOF(err))
	}
	if string(header[:8]) != oleMagic {
		return nil, errors.New("not an OLE compound file")
	}
	shift := binary.LittleEndian.Uint16(header[30:])
	if shift != 9 && shift != 12 {
		return nil, errors.New("damaged: OLE header: impossible sector size")
	}
	names := map[string]bool{}
	sector := make([]byte, 1<<shift)
	next := binary.LittleEndian.Uint32(header[48:])
	for read := 0; next < oleEnd && read < mostSectors; read++ {
		if n, err := d.in.ReadAt(sector, (int64(next)+1)<<shift); n < len(sector) && (n == 0 || err != io.EOF) {
			return nil, damaged("OLE directory", orEOF(err))
		}
		for entry := sector; len(entry) >= oleEntrySize; entry = entry[oleEntrySize:] {
			names[oleName(entry)] = true
		}
		var err error
		if next, err = oleNext(d, header, shift, next); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// oleNext looks a sector up in the allocation table. The 109 tables that the
// header lists are enough for directories at the beginning of the file.
func oleNext(d *document, header []byte, shift uint16, sector uint32) (uint32, error) {
	perTable := uint32(1) << (shift - 2)
	table := sector / perTable
	if table >= 109 {
		return oleEnd, nil
	}
	at := (int64(binary.LittleEndian.Uint32(header[76+4*table:]))+1)<<shift + int64(sector%perTable)*4
	var b [4]byte
	if n, err := d.in.ReadAt(b[:], at); n < len(b) {
		return 0, damaged("OLE allocation table", orEOF(err))
	}
	return binary.LittleEndian.Uint32(b[:]), nil
}

func oleName(entry []byte) string {
	size := min(int(binary.LittleEndian.Uint16(entry[64:])), 64)
	units := make([]uint16, 0, 32)
	for i := 0; i+2 < size; i += 2 { // the last one is zero
		units = append(units, binary.LittleEndian.Uint16(entry[i:]))
	}
	return string(utf16.Decode(units))
}

func orEOF(err error) error {
	if err == nil {
		return io.ErrUnexpectedEOF
	}
	return err
}
