package main

import "testing"

func TestFind(t *testing.T) {
	const films = "../../testdata/films/"
	matches, err := find(t.Context(), t.TempDir(), films+"big-buck-bunny.mp4", films+"big-buck-bunny.mp4")
	if err != nil {
		t.Fatal(err)
	}
	if len(matches) != 1 || matches[0].Work.ID != "film-1" || matches[0].Score < 0.5 {
		t.Errorf("the work itself: got %+v, want film-1", matches)
	}
	if len(matches) == 1 && len(matches[0].Tracks) != 2 {
		t.Errorf("got %d tracks, want pictures and sound", len(matches[0].Tracks))
	}
	matches, err = find(t.Context(), t.TempDir(), films+"big-buck-bunny.mp4", films+"city.webm")
	if err != nil {
		t.Fatal(err)
	}
	if len(matches) != 0 {
		t.Errorf("another film: got %+v, want no match", matches)
	}
}
