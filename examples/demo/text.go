package main

import (
	"context"
	"errors"
	"html"
	"os"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/likeness-go/likeness/media"
)

// text takes the text of a book, whatever its format.
func text(ctx context.Context, name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	in := &media.Input{ReaderAt: f, Name: name, Path: name, Size: info.Size()}
	_, err = media.Text(ctx, in, (*media.Limits)(nil).Effective(), func(_ int, text string) error {
		b.WriteString(text)
		b.WriteByte('\n')
		return nil
	})
	return b.String(), err
}

// reformat makes a web page of a book, with new line breaks.
func reformat(ctx context.Context, from, to string) error {
	s, err := text(ctx, from)
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("<!DOCTYPE html><html><head><meta charset=utf-8><title>A book</title></head><body><p>\n")
	column := 0
	for word := range strings.FieldsSeq(s) {
		if column += len(word) + 1; column > 52 {
			b.WriteByte('\n')
			column = len(word)
		}
		b.WriteString(html.EscapeString(word) + " ")
	}
	b.WriteString("</p></body></html>\n")
	return os.WriteFile(to, []byte(b.String()), 0o644)
}

// transcode saves the text in GB18030, which holds all of Unicode.
func transcode(ctx context.Context, from, to string) error {
	s, err := text(ctx, from)
	if err != nil {
		return err
	}
	coded, err := simplifiedchinese.GB18030.NewEncoder().String(strings.ToValidUTF8(s, ""))
	if err != nil {
		return err
	}
	return os.WriteFile(to, []byte(coded), 0o644)
}

// page takes some 1,500 letters out of the middle of a book.
func page(ctx context.Context, from, to string) error {
	s, err := text(ctx, from)
	if err != nil {
		return err
	}
	runes := []rune(s)
	const length = 1500
	if len(runes) < 2*length {
		return errors.New("too short to take a page of it")
	}
	middle := len(runes) / 2
	return os.WriteFile(to, []byte(string(runes[middle:middle+length])), 0o644)
}
