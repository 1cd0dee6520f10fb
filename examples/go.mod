module github.com/likeness-go/likeness/examples

go 1.26.0

replace (
	github.com/likeness-go/likeness => ..
	github.com/likeness-go/likeness/media/ffmpegwasm => ../media/ffmpegwasm
)

require (
	golang.org/x/image v0.47.0 // indirect
	golang.org/x/text v0.44.0 // indirect
)
