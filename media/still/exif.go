package still

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"

	"github.com/likeness-go/likeness/media"
)

// exifWithin is how far into a file the EXIF data of a JPEG is looked for: the
// segments before the picture, of 64 kB at most each.
const exifWithin = 256 << 10

// orientation returns the EXIF orientation of a picture, 1 to 8, or 1 when it
// has none (CIPA DC-008, section 4.6.4, tag 0x0112).
func orientation(in *media.Input, name string) int {
	switch name {
	case "jpeg":
		head := make([]byte, min(in.Size, exifWithin))
		n, _ := in.ReadAt(head, 0) // what is missing says nothing
		return tiffOrientation(jpegExif(head[:n]))
	case "webp":
		return tiffOrientation(webpExif(in))
	case "tiff":
		head := make([]byte, min(in.Size, 8<<20)) // the directory may stand anywhere
		n, _ := in.ReadAt(head, 0)
		return tiffOrientation(head[:n])
	}
	return 1
}

// jpegExif returns the TIFF structure in the APP1 segment, nil without one.
func jpegExif(b []byte) []byte {
	for at := 2; at+4 <= len(b) && b[at] == 0xff; {
		marker, size := b[at+1], int(binary.BigEndian.Uint16(b[at+2:]))
		if marker == 0xff { // padding
			at++
			continue
		}
		if marker == 0xda || size < 2 || at+2+size > len(b) {
			return nil
		}
		if exif, ok := bytes.CutPrefix(b[at+4:at+2+size], []byte("Exif\x00\x00")); marker == 0xe1 && ok {
			return exif
		}
		at += 2 + size
	}
	return nil
}

// webpExif walks through the RIFF chunks to the one named EXIF.
func webpExif(in *media.Input) []byte {
	for at, chunks := int64(12), 0; ; chunks++ {
		var h [8]byte
		if _, err := in.ReadAt(h[:], at); err != nil || chunks > 1000 {
			return nil
		}
		size := int64(binary.LittleEndian.Uint32(h[4:]))
		if string(h[:4]) == "EXIF" {
			exif := make([]byte, min(size, exifWithin, in.Size-at-8))
			n, _ := in.ReadAt(exif, at+8)
			return bytes.TrimPrefix(exif[:n], []byte("Exif\x00\x00"))
		}
		at += 8 + size + size&1
	}
}

func tiffOrientation(b []byte) int {
	if len(b) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if b[0] == 'M' {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return 1
	}
	for entry := b[at+2:]; len(entry) >= 12; entry = entry[12:] {
		if order.Uint16(entry) == 0x0112 {
			if o := int(order.Uint16(entry[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 1
		}
		if order.Uint16(entry) > 0x0112 { // tags are sorted
			return 1
		}
	}
	return 1
}

// upright turns a picture as its orientation says: where the stored (x, y) of
// a picture of w by h pixels stands in the upright one.
func upright(img image.Image, orientation int) image.Image {
	if orientation == 1 {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	src, ok := img.(*image.RGBA)
	if !ok || b.Min != (image.Point{}) {
		src = image.NewRGBA(image.Rect(0, 0, w, h))
		draw.Draw(src, src.Bounds(), img, b.Min, draw.Src)
	}
	size := image.Pt(w, h)
	if orientation >= 5 {
		size = image.Pt(h, w)
	}
	dst := image.NewRGBA(image.Rectangle{Max: size})
	for y := range h {
		for x := range w {
			at := turned(x, y, w, h, orientation)
			copy(dst.Pix[dst.PixOffset(at.X, at.Y):][:4], src.Pix[src.PixOffset(x, y):][:4])
		}
	}
	return dst
}

func turned(x, y, w, h, orientation int) image.Point {
	switch orientation {
	case 2: // mirrored
		return image.Pt(w-1-x, y)
	case 3: // upside down
		return image.Pt(w-1-x, h-1-y)
	case 4: // upside down, mirrored
		return image.Pt(x, h-1-y)
	case 5: // lies to the left, mirrored
		return image.Pt(y, x)
	case 6: // lies to the left: to be turned clockwise
		return image.Pt(h-1-y, x)
	case 7: // lies to the right, mirrored
		return image.Pt(h-1-y, w-1-x)
	}
	return image.Pt(y, w-1-x) // 8: lies to the right
}
