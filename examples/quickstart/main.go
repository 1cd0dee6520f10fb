// Quickstart is the dozen lines of the README: register a work, look up an upload.
//
//	go run ./quickstart film.mp4 upload.mkv
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	_ "github.com/likeness-go/likeness/all"
	_ "github.com/likeness-go/likeness/media/ffmpegwasm" // GPL; only for machines without ffmpeg

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/likeness-go/likeness/index"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: quickstart WORK UPLOAD")
	}
	dir, err := os.MkdirTemp("", "catalogue")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	matches, err := find(context.Background(), dir, os.Args[1], os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range matches {
		for _, t := range m.Tracks {
			for _, s := range t.Segments {
				fmt.Printf("%s: %s %.1f-%.1f is %.1f-%.1f of the work, score %.2f\n",
					m.Work.Title, t.Kind, s.Query.From, s.Query.To, s.Work.From, s.Work.To, s.Score)
			}
		}
	}
}

// find registers one work in a new catalogue and looks one upload up.
func find(ctx context.Context, dir, work, upload string) ([]index.Match, error) {
	catalogue, err := index.Open(dir, nil)
	if err != nil {
		return nil, err
	}
	defer catalogue.Close()
	film, err := fingerprint.File(ctx, work, nil)
	if err != nil {
		return nil, err
	}
	if err := catalogue.Register(ctx, index.Work{ID: "film-1", Title: "Film"}, film); err != nil {
		return nil, err
	}
	file, err := fingerprint.File(ctx, upload, nil)
	if err != nil {
		return nil, err
	}
	return catalogue.Lookup(ctx, file, nil)
}
