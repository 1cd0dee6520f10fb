module github.com/likeness-go/likeness/cmd/likeness

go 1.26.0

replace (
	github.com/likeness-go/likeness => ../..
	github.com/likeness-go/likeness/media/ffmpegwasm => ../../media/ffmpegwasm
)

require (
	github.com/alecthomas/kong v1.17.0 // indirect
	github.com/mitchellh/colorstring v0.0.0-20190213212951-d06e56a500db // indirect
	github.com/rivo/uniseg v0.4.7 // indirect
	github.com/schollz/progressbar/v3 v3.19.1 // indirect
	golang.org/x/sys v0.50.0 // indirect
	golang.org/x/term v0.48.0 // indirect
)
