package index

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestRanking(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	song, film, scene := randomCodes(random, 1000), randomCodes(random, 3000), randomCodes(random, 1000)
	withSong := slices.Concat(film, song, scene)
	ix := newIndex(t, small)
	register(t, ix, "film", set(print(t, windowed, withSong)))
	register(t, ix, "song", set(print(t, windowed, song)))
	register(t, ix, "copy of the song", set(print(t, windowed, song)))
	register(t, ix, "scene", set(print(t, windowed, scene)))
	tests := []struct {
		name  string
		query []uint64
		want  []string
	}{
		{"the song", song, []string{"copy of the song", "song", "film"}},
		{"the film", withSong, []string{"film", "copy of the song", "scene", "song"}},
		{"half of the song", song[200:700], []string{"copy of the song", "song", "film"}},
		{"the song and the scene", slices.Concat(song, scene), []string{"film", "copy of the song", "scene", "song"}},
	}
	for _, tt := range tests {
		if got := ids(t, ix, set(print(t, windowed, tt.query))); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestStandings(t *testing.T) {
	order := []standing{ // as they rank
		{0.99, 0.50, 9, 1, "a"},
		{0.9999, 0.30, 9, 1, "more sure than certain is no merit"},
		{0.991, 0.30, 5.9, 0.2, "less evidence"},
		{0.999, 0.30, 5.1, 0.1, "evidence of the same decade, less of the work"},
		{0.995, 0.302, 5.5, 0.1, "f: percents, decades alike"},
		{0.98, 1, 99, 1, "less sure"},
	}
	for i := range order[1:] {
		if order[i].compare(order[i+1]) >= 0 || order[i+1].compare(order[i]) <= 0 {
			t.Errorf("%+v is not before %+v", order[i], order[i+1])
		}
	}
}

func TestExplained(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 6))
	one, other := randomCodes(random, 300), randomCodes(random, 100)
	ix := newIndex(t, small)
	register(t, ix, "one", set(print(t, windowed, one)))
	matches, err := ix.Lookup(t.Context(), set(print(t, windowed, slices.Concat(one, other)), print(t, refined, other)), nil)
	if err != nil || len(matches) != 1 {
		t.Fatalf("%d matches, error %v, want one", len(matches), err)
	}
	if got, want := fmt.Sprintf("%.2f", matches[0].Explained), "0.37"; got != want { // three quarters of one of two, less a tick
		t.Errorf("three quarters of one of two fingerprints: Explained = %s, want %s", got, want)
	}
}
