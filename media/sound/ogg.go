package sound

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/likeness-go/likeness/media"
)

// The readers of oggvorbis and pion/opus recurse for every page without a
// packet, which ends the process, not only the file, when a stranger stacks
// them; they keep packets of any length, and skip checks that tell damage
// from the end. Hence this one (RFC 3533).

// maxPacket bounds a packet: the longest are comments with a cover picture.
const maxPacket = 16 << 20

var (
	errNoPage  = errors.New("no Ogg page where one should begin")
	errOggMix  = errors.New("several streams at once in Ogg")
	errOggSum  = errors.New("wrong checksum of an Ogg page")
	errOggSize = fmt.Errorf("a packet of more than %d MB in Ogg", maxPacket>>20)
)

// oggPage is one page, and the packets that end on it.
type oggPage struct {
	first, last bool  // of its stream
	granule     int64 // what the codec counts at the end of its last packet; -1: no packet ends
	serial      uint32
	packets     [][]byte // until the next call
}

// oggReader reads the pages of an Ogg file.
type oggReader struct {
	r       *bufio.Reader
	body    []byte
	partial []byte // of a packet that goes on
}

// next reads a page; io.EOF only where the file ends between two.
func (o *oggReader) next(page *oggPage) error {
	var head [27 + 255]byte
	if magic, err := o.r.Peek(4); len(magic) == 0 {
		return err
	} else if string(magic) != "OggS" {
		return errNoPage
	}
	if _, err := io.ReadFull(o.r, head[:27]); err != nil {
		return io.ErrUnexpectedEOF
	}
	lacing := head[27 : 27+int(head[26])]
	if _, err := io.ReadFull(o.r, lacing); err != nil {
		return io.ErrUnexpectedEOF
	}
	size := 0
	for _, n := range lacing {
		size += int(n)
	}
	o.body = append(o.body[:0], make([]byte, size)...)
	if _, err := io.ReadFull(o.r, o.body); err != nil {
		return io.ErrUnexpectedEOF
	}
	sum := binary.LittleEndian.Uint32(head[22:])
	clear(head[22:26])
	if head[4] != 0 || oggSum(oggSum(0, head[:27+len(lacing)]), o.body) != sum {
		return errOggSum
	}
	page.first, page.last = head[5]&2 != 0, head[5]&4 != 0
	page.granule = int64(binary.LittleEndian.Uint64(head[6:]))
	page.serial = binary.LittleEndian.Uint32(head[14:])
	return o.split(page, lacing, head[5]&1 != 0)
}

// split takes the packets out of a page; one that goes on is kept. The rest of
// a packet whose start was lost is dropped.
func (o *oggReader) split(page *oggPage, lacing []byte, goesOn bool) error {
	lost := goesOn && len(o.partial) == 0
	if !goesOn {
		o.partial = o.partial[:0]
	}
	page.packets = page.packets[:0]
	body := o.body
	for from, i := 0, 0; i < len(lacing); i++ {
		from += int(lacing[i])
		if lacing[i] == 255 && i < len(lacing)-1 {
			continue
		}
		part := body[:from]
		body, from = body[from:], 0
		if len(o.partial)+len(part) > maxPacket {
			return errOggSize
		}
		switch {
		case lacing[i] == 255:
			if !lost {
				o.partial = append(o.partial, part...)
			}
		case lost:
			lost = false
		case len(o.partial) > 0:
			page.packets = append(page.packets, append(o.partial, part...))
			o.partial = nil
		default:
			page.packets = append(page.packets, part)
		}
	}
	return nil
}

// rest reports whether what follows the last page is no more than tags.
func (o *oggReader) rest() error {
	rest, err := o.r.Peek(o.r.Size())
	if err == nil || bytes.Contains(rest, []byte("OggS")) {
		return errTrailing
	}
	if !ended(err) {
		return err
	}
	return nil
}

var oggTable = func() (t [256]uint32) {
	for i := range t {
		r := uint32(i) << 24
		for range 8 {
			r = r<<1 ^ 0x04c11db7*(r>>31)
		}
		t[i] = r
	}
	return t
}()

func oggSum(sum uint32, data []byte) uint32 {
	for _, b := range data {
		sum = sum<<8 ^ oggTable[byte(sum>>24)^b]
	}
	return sum
}

// oggCodec decodes the packets of one stream.
type oggCodec interface {
	// header takes the headers one by one and reports whether it was the last.
	header(packet []byte) (last bool, err error)
	format() (rate, channels, skip int)
	name() string
	// decode appends interleaved samples.
	decode(samples []float32, packet []byte) ([]float32, error)
}

// oggStream reads the streams of a file, one after the other (RFC 3533,
// section 4: chaining), as internet radio records them.
type oggStream struct {
	open  func(rate, channels int) (*track, error)
	track *track

	current oggCodec
	serial  uint32
	begun   bool  // the headers are read
	over    bool  // the last page was read
	done    int64 // samples a channel decoded, from the first packet on
	base    int64 // what the first page counts from, when the start was cut off
	placed  bool  // base is known
	skip    int64 // samples a channel still to be dropped: the delay of the encoder
	buf     []float32
}

// decodeOgg reads Ogg Vorbis and Ogg Opus.
func decodeOgg(in *media.Input, open func(rate, channels int) (*track, error)) (*track, error) {
	o := oggReader{r: bufio.NewReaderSize(in.Reader(), trailer)}
	s := oggStream{open: open, over: true}
	var page oggPage
	for {
		err := o.next(&page)
		if err == nil {
			if err = s.page(&page); err != nil {
				return nil, err
			}
			continue
		}
		switch {
		case s.track == nil && ended(err):
			return nil, errors.New("truncated: ends within its header")
		case s.track == nil:
			return nil, fmt.Errorf("damaged: %w", err)
		case s.over && errors.Is(err, io.EOF) && s.track.read > 0:
			return s.track, nil
		case s.over && err == errNoPage:
			return s.track, o.rest()
		case ended(err):
			return s.track, s.track.truncated(0)
		}
		return nil, s.damaged(err)
	}
}

func (s *oggStream) damaged(err error) error {
	if s.track == nil {
		return fmt.Errorf("damaged: %w", err)
	}
	return fmt.Errorf("damaged after %.1f s: %w", s.track.duration().Seconds(), err)
}

func (s *oggStream) page(p *oggPage) error {
	if p.first {
		if !s.over {
			return errOggMix
		}
		*s = oggStream{open: s.open, track: s.track, buf: s.buf, serial: p.serial}
	} else if s.over || p.serial != s.serial {
		return s.damaged(errOggMix)
	}
	s.buf = s.buf[:0]
	for _, packet := range p.packets {
		var err error
		switch {
		case !s.begun:
			err = s.header(packet)
		case len(packet) > 0:
			// A page has 255 packets, which may cost 0.1 s each.
			if err = s.track.alive(); err == nil {
				s.buf, err = s.current.decode(s.buf, packet)
			}
		}
		if err != nil {
			return err
		}
	}
	s.over = p.last
	if len(s.buf) == 0 {
		return nil
	}
	return s.deliver(p)
}

func (s *oggStream) header(packet []byte) error {
	if s.current == nil {
		switch {
		case bytes.HasPrefix(packet, []byte("\x01vorbis")):
			s.current = new(vorbisCodec)
		case bytes.HasPrefix(packet, []byte("OpusHead")):
			s.current = new(opusCodec)
		default:
			return errors.New("no decoder for its codec in Ogg")
		}
	}
	last, err := s.current.header(packet)
	if err != nil || !last {
		return err
	}
	rate, channels, skip := s.current.format()
	s.begun, s.skip = true, int64(skip)
	if s.track != nil {
		return s.track.matches(rate, channels)
	}
	if s.track, err = s.open(rate, channels); err != nil {
		return err
	}
	s.track.codec = s.current.name()
	if s.track.codec == "vorbis" {
		vorbisOrder(s.track.weights)
	}
	return nil
}

// deliver hands on what was decoded of a page. The granule position of the
// first page says where the stream begins: before 0, when the encoder wants
// samples dropped, or after, when its start was cut off. That of the last page
// says where it ends (Vorbis I, appendix A.2; RFC 7845, sections 4.3 to 4.5).
func (s *oggStream) deliver(p *oggPage) error {
	channels := int64(s.track.channels())
	n := int64(len(s.buf)) / channels
	from, to := int64(0), n
	if p.granule >= 0 && p.granule < math.MaxInt64/2 {
		if !s.placed && !p.last {
			s.placed, s.base = true, max(0, p.granule-s.done-n)
			from = max(0, s.done+n-p.granule)
		}
		if p.last {
			to = max(0, min(n, p.granule-s.base-s.done))
		}
		if from > 0 {
			s.done -= from
		}
	}
	s.done += n
	drop := min(s.skip, max(0, to-from))
	s.skip -= drop
	if from += drop; from >= to {
		return nil
	}
	return s.track.write(s.buf[from*channels : to*channels])
}
