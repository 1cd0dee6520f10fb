package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/likeness-go/likeness/index"
)

type registerCmd struct {
	ID     string   `name:"id" help:"ID of the work; default: the file's base name without its extension. For one file only."`
	Title  string   `help:"Title of the work; default: its ID."`
	Holder string   `help:"Who holds the rights."`
	Policy string   `help:"What the holder wants done with copies: block, review, track or allow." enum:"block,review,track,allow" default:"block"`
	Paths  []string `arg:"" name:"file" help:"Files, or folders with all that is in them: a work each."`
}

func (*registerCmd) Help() string {
	return `What is printed as registered is safe on disk. Registering an ID again replaces
the work. A file that is damaged or incomplete is not registered.

Examples:
  likeness register --title "Big Buck Bunny" --holder "Blender Foundation" bunny.mp4
  likeness register --policy review --holder "Example Media" catalogue/`
}

// registered is one line of register --json.
type registered struct {
	File        string `json:"file"`
	Work        string `json:"work,omitempty"`
	Kind        string `json:"kind,omitempty"`
	Type        string `json:"type,omitempty"`
	SHA256      string `json:"sha256,omitempty"`
	Features    int    `json:"features,omitempty"`
	Error       string `json:"error,omitempty"`
	Unscannable bool   `json:"unscannable,omitempty"`
}

func (c *registerCmd) Run(s *session) error {
	if c.ID != "" && len(c.Paths) != 1 {
		return usageError("--id names one work: give one file")
	}
	policy, err := index.ParsePolicy(c.Policy)
	if err != nil {
		return usageError(err.Error())
	}
	ix, err := s.open(true)
	if err != nil {
		return err
	}
	defer ix.Close()
	inputs := files(s.ctx, c.Paths)
	meter := s.progress("registering", inputs)
	defer meter.finish()
	template := index.Work{Title: c.Title, Holder: c.Holder, Policy: policy}
	done, owner := 0, map[string]string{} // owner: the file of each ID in this call
	for r := range ordered(s.ctx, s.Jobs, inputs, s.readFile) {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		rep, err := c.register(s.ctx, ix, template, r, owner)
		meter.clear()
		if err != nil {
			s.fail(err)
		} else {
			done++
		}
		if err := s.printRegistered(rep); err != nil {
			return err
		}
		meter.add(r.file)
	}
	if err := s.ctx.Err(); err != nil {
		return err
	}
	s.summary("%d works registered, %d files failed", done, s.failed)
	return nil
}

// register makes one file a work. What it returns as registered is durable.
func (c *registerCmd) register(ctx context.Context, ix *index.Index, w index.Work, r read, owner map[string]string) (registered, error) {
	rep := registered{File: r.path}
	fail := func(err error) (registered, error) {
		rep.Error, rep.Unscannable = reason(err), unscannable(err)
		return rep, err
	}
	if r.err != nil {
		return fail(r.err)
	}
	rep.Kind, rep.Type, rep.SHA256 = r.set.Kind.String(), r.set.Type, hex.EncodeToString(r.set.SHA256[:])
	if doubt := r.doubt(); doubt != "" {
		return fail(&fileError{r.path, errors.New("not registered: " + doubt)})
	}
	w.ID = c.ID
	if w.ID == "" {
		w.ID = strings.TrimSuffix(filepath.Base(r.path), filepath.Ext(r.path))
	}
	if w.Title == "" {
		w.Title = w.ID
	}
	if first := owner[w.ID]; first != "" {
		return fail(&fileError{r.path, fmt.Errorf("not registered: %s has the same ID %q; register it apart with --id", first, w.ID)})
	}
	if err := ix.Register(ctx, w, r.set); err != nil {
		return fail(&fileError{r.path, err})
	}
	owner[w.ID] = r.path
	rep.Work = w.ID
	for _, f := range r.set.Fingerprints {
		rep.Features += f.Len()
	}
	return rep, nil
}

func (s *session) printRegistered(r registered) error {
	if s.JSON {
		return s.printJSON(r)
	}
	if r.Error != "" {
		return nil // it is on standard error
	}
	return s.say("%s: registered as %s (%s, %d features)", r.File, r.Work, r.Kind, r.Features)
}
