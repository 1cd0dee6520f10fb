package transcode

import (
	"math"
	"strconv"
	"strings"

	"github.com/likeness-go/likeness/media"
)

// containers are the demuxers that may read a recording: real containers and
// coded streams, none that opens a second file or a connection (hls, dash,
// concat, imf, image2, sdp, rtsp, rtp, lavfi, vobsub, ...), none that makes
// sound of anything it is given (raw PCM), and no devices.
var containers = strings.Join([]string{
	"3gp", "aac", "aa", "ac3", "aiff", "amr", "amrnb", "amrwb", "apc", "ape", "apng", "asf", "ast", "au", "av1", "avi",
	"avs2", "avs3", "bink", "binka", "caf", "cavsvideo", "cdg", "daud", "dirac", "dnxhd", "dsf", "dss", "dts",
	"dtshd", "dv", "eac3", "ea", "film_cpk", "flac", "flic", "flv", "g722", "g729", "gif", "gsm", "gxf", "h261", "h263",
	"h264", "hevc", "iff", "idcin", "ircam", "ivf", "ivr", "kux", "loas", "m4v", "matroska", "mjpeg", "mlp",
	"mmf", "mov", "mp3", "mp4", "mpc", "mpc8", "mpeg", "mpegts", "mpegvideo", "mxf", "nistsphere", "nsv", "nut",
	"nuv", "obu", "ogg", "oma", "osq", "pva", "qcp", "rm", "roq", "rpl", "shn", "smjpeg", "smk", "sox", "swf", "tak", "thp",
	"truehd", "tta", "ty", "vc1", "vc1test", "vivo", "voc", "vqf", "vvc", "w64", "wav", "webm", "wsd", "wtv", "wv",
	"xa", "xwma", "yuv4mpegpipe",
}, ",")

// pictures are the demuxers for one picture, all of which read a stream and
// know no names. svg_pipe is left out: its renderer follows references.
var pictures = strings.Join([]string{
	"apng", "bmp_pipe", "cri_pipe", "dds_pipe", "dpx_pipe", "exr_pipe", "fits", "gem_pipe", "gif", "gif_pipe", "hdr_pipe",
	"hevc", "ico", "j2k_pipe", "jpeg_pipe", "jpegls_pipe", "jpegxl_anim", "jpegxl_pipe", "mov", "pam_pipe", "pbm_pipe",
	"pcx_pipe", "pfm_pipe", "pgm_pipe", "pgmyuv_pipe", "pgx_pipe", "phm_pipe", "photocd_pipe", "pictor_pipe",
	"png_pipe", "ppm_pipe", "psd_pipe", "qdraw_pipe", "qoi_pipe", "sgi_pipe", "sunrast_pipe", "tiff_pipe",
	"vbn_pipe", "webp_pipe", "xbm_pipe", "xpm_pipe", "xwd_pipe",
}, ",")

// tracks says which tracks of a film a run decodes.
type tracks struct{ sound, frames bool }

// opening are the arguments up to the input. The banner stays, since it
// names the version; repeat keeps one message a line.
func opening(input, formats string, l media.Limits) []string {
	args := []string{
		"-nostdin", "-nostats", "-y", "-v", "repeat+level+info",
		"-filter_threads", "1", "-filter_complex_threads", "1",
		"-protocol_whitelist", "file,pipe", "-format_whitelist", formats,
		"-threads", "1",
	}
	if l.Pixels > 0 {
		args = append(args, "-max_pixels", strconv.FormatInt(min(l.Pixels, math.MaxInt32), 10))
	}
	return append(args, "-i", input)
}

// streamArgs decodes tracks, the frames to the first output if there are
// any, the sound to the last.
func streamArgs(t tracks, r media.Request, l media.Limits, input string, outputs []string) []string {
	args := opening(input, containers, l)
	if t.frames {
		args = append(args, frameArgs(r, outputs[0])...)
	}
	if t.sound {
		args = append(args, soundArgs(r, outputs[len(outputs)-1])...)
	}
	return args
}

// frameArgs: frame i is what the film shows at i/FrameRate. The fps filter
// rounds the time of each source frame up to the next tick, and repeats at
// each tick the last frame that came; a late first frame is repeated back to
// the start. Only then is it scaled, so that no frame is scaled for nothing.
// 0:V:0 is the first video stream that is not an attached cover.
func frameArgs(r media.Request, output string) []string {
	filter := "fps=fps=" + strconv.FormatFloat(r.FrameRate, 'f', -1, 64) + ":start_time=0:round=up" +
		",scale=" + strconv.Itoa(r.FrameWidth) + ":" + strconv.Itoa(r.FrameHeight) +
		":flags=area+accurate_rnd+full_chroma_int+bitexact"
	return []string{"-map", "0:V:0", "-vf", filter, "-pix_fmt", "gray", "-c:v", "rawvideo", "-f", "rawvideo", output}
}

// soundArgs: async=1 fills gaps with silence and cuts overlaps, first_pts=0
// begins at the start of the file however late the track does.
// rematrix_maxval=1 makes the mono of stereo (L+R)/2 whatever the sample
// format; otherwise float formats are mixed 3 dB louder than integer ones.
func soundArgs(r media.Request, output string) []string {
	return []string{
		"-map", "0:a:0", "-af", "aresample=async=1:first_pts=0:rematrix_maxval=1", "-ac", "1",
		"-ar", strconv.Itoa(r.SampleRate), "-c:a", "pcm_f32le", "-f", "f32le", output,
	}
}

// pictureArgs decodes the first picture to PAM, whose header has the size.
func pictureArgs(l media.Limits, input string, outputs []string) []string {
	return append(opening(input, pictures, l),
		"-map", "0:v:0", "-frames:v", "1", "-pix_fmt", "rgba", "-c:v", "pam", "-f", "image2pipe", outputs[0])
}
