// Package all imports every medium and every decoder under a permissive
// licence, for programs that want everything:
//
//	import _ "github.com/likeness-go/likeness/all"
//
// What is not here: media/ffmpegwasm, a nested module under the GPL, which
// reads what ffmpeg reads on machines that have none.
package all

import (
	_ "github.com/likeness-go/likeness/audio"
	_ "github.com/likeness-go/likeness/document"
	_ "github.com/likeness-go/likeness/media/ffmpeg"
	_ "github.com/likeness-go/likeness/media/pdf"
	_ "github.com/likeness-go/likeness/media/sound"
	_ "github.com/likeness-go/likeness/media/still"
	_ "github.com/likeness-go/likeness/media/text"
	_ "github.com/likeness-go/likeness/picture"
	_ "github.com/likeness-go/likeness/video"
)
