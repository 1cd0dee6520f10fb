package sound

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/pion/opus"
)

const (
	opusRate   = 48000             // Opus counts at this rate, whatever was recorded
	opusPacket = opusRate * 3 / 25 // samples a channel of the longest packet, 120 ms (RFC 6716, section 3.2.5)
)

// opusCodec decodes Ogg Opus (RFC 7845) of one or two channels.
type opusCodec struct {
	decoder  opus.Decoder
	channels int
	skip     int
	gain     float32
	headers  int
	buf      []float32
}

func (c *opusCodec) header(packet []byte) (bool, error) {
	if c.headers++; c.headers == 2 {
		if len(packet) < 8 || string(packet[:8]) != "OpusTags" {
			return false, errors.New("damaged: no comments after the Opus header")
		}
		return true, nil
	}
	if len(packet) < 19 || string(packet[:8]) != "OpusHead" {
		return false, errors.New("damaged: Opus header")
	}
	c.channels = int(packet[9])
	if family := packet[18]; family != 0 || c.channels < 1 || c.channels > 2 {
		return false, fmt.Errorf("no decoder for Opus of %d channels, mapping family %d", c.channels, family)
	}
	c.skip = int(binary.LittleEndian.Uint16(packet[10:]))
	c.gain = float32(math.Pow(10, float64(int16(binary.LittleEndian.Uint16(packet[16:])))/(20*256)))
	c.buf = make([]float32, opusPacket*c.channels)
	var err error
	c.decoder, err = opus.NewDecoderWithOutput(opusRate, c.channels)
	return false, err
}

func (c *opusCodec) name() string { return "opus" }

func (c *opusCodec) format() (rate, channels, skip int) { return opusRate, c.channels, c.skip }

func (c *opusCodec) decode(samples []float32, packet []byte) ([]float32, error) {
	n, err := c.decoder.DecodeToFloat32(packet, c.buf)
	if err != nil {
		return samples, fmt.Errorf("damaged: %w", err)
	}
	for _, x := range c.buf[:n*c.channels] {
		samples = append(samples, x*c.gain)
	}
	return samples, nil
}
