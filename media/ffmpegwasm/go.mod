module github.com/likeness-go/likeness/media/ffmpegwasm

go 1.26.0

require (
	codeberg.org/gruf/go-ffmpreg v0.6.22
	github.com/likeness-go/likeness v0.0.0
	github.com/tetratelabs/wazero v1.12.0
)

require (
	github.com/gabriel-vasile/mimetype v1.4.16 // indirect
	golang.org/x/sys v0.50.0 // indirect
)

replace github.com/likeness-go/likeness => ../..
