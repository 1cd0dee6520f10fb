package main

import (
	"encoding/json"
	"errors"

	"github.com/likeness-go/likeness/index"
)

type worksCmd struct{}

func (*worksCmd) Run(s *session) error {
	ix, err := s.open(false)
	if err != nil {
		return err
	}
	defer ix.Close()
	for w, err := range ix.Works(s.ctx) {
		if err != nil {
			return err
		}
		if s.JSON {
			err = s.printJSON(w)
		} else {
			err = s.say("%s\t%s\t%s\t%s", w.ID, w.Policy, w.Title, w.Holder)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (*worksCmd) Help() string {
	return "Prints ID, policy, title and holder, with tabs between them."
}

type showCmd struct {
	ID string `arg:"" name:"id" help:"ID of the work."`
}

func (c *showCmd) Run(s *session) error {
	ix, err := s.open(false)
	if err != nil {
		return err
	}
	defer ix.Close()
	w, err := ix.Work(s.ctx, c.ID)
	if err != nil {
		return err
	}
	if s.JSON {
		return s.printJSON(w)
	}
	return s.printIndented(w)
}

type removeCmd struct {
	IDs []string `arg:"" name:"id" help:"IDs of the works."`
}

func (c *removeCmd) Run(s *session) error {
	ix, err := s.open(false)
	if err != nil {
		return err
	}
	defer ix.Close()
	for _, id := range c.IDs {
		switch err := ix.Remove(s.ctx, id); {
		case errors.Is(err, index.ErrNotFound):
			s.fail(err)
		case err != nil:
			return err
		default:
			s.summary("%s removed", id)
		}
	}
	return nil
}

type statsCmd struct{}

func (*statsCmd) Run(s *session) error {
	ix, err := s.open(false)
	if err != nil {
		return err
	}
	defer ix.Close()
	st, err := ix.Stats()
	if err != nil {
		return err
	}
	if s.JSON {
		return s.printJSON(st)
	}
	return s.printIndented(st)
}

// printIndented writes a value for people: its JSON on several lines.
func (s *session) printIndented(v any) error {
	e := json.NewEncoder(s.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
