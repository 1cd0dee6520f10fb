package index

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"
	"time"
)

const killEnv = "LIKENESS_INDEX_KILL_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(killEnv); dir != "" {
		registerForEver(dir)
	}
	os.Exit(m.Run())
}

// registerForEver registers song after song, and prints the number of each
// when its registration returned, until it is killed.
func registerForEver(dir string) {
	ix, err := open(dir, settings{memory: 32 << 20, reserve: -1, flush: 600})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	t := &testing.B{} // never fails: song only reports to it
	st, err := ix.Stats()
	for i := uint64(st.Sequence); err == nil; i++ {
		if err = ix.Register(context.Background(), Work{ID: fmt.Sprint(i)}, song(t, i)); err == nil {
			fmt.Println(i)
		}
	}
	fmt.Println(err)
	os.Exit(1)
}

// What a process reported as registered is there and is found, at whatever
// moment it was killed.
func TestKilledAtAnyMoment(t *testing.T) {
	rounds := 25
	if testing.Short() {
		rounds = 5
	}
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(20, uint64(time.Now().UnixNano())))
	var acknowledged []uint64
	for round := range rounds {
		acknowledged = append(acknowledged, killAfter(t, dir, time.Duration(r.IntN(300_000))*time.Microsecond)...)
		ix, err := open(dir, settings{memory: 32 << 20, reserve: -1, flush: 600})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		for _, i := range acknowledged {
			if _, err := ix.Work(t.Context(), fmt.Sprint(i)); err != nil {
				t.Fatalf("round %d: acknowledged work %d: %v", round, i, err)
			}
		}
		// The last ones were most in danger; of the others some.
		for n := range min(20, len(acknowledged)) {
			i := acknowledged[len(acknowledged)-1-n]
			if n >= 10 {
				i = acknowledged[r.IntN(len(acknowledged))]
			}
			if got := ids(t, ix, song(t, i)); !slices.Equal(got, []string{fmt.Sprint(i)}) {
				t.Fatalf("round %d: acknowledged song %d: got %v", round, i, got)
			}
		}
		if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(acknowledged) < rounds {
		t.Errorf("only %d registrations in %d rounds: the test shows little", len(acknowledged), rounds)
	}
	t.Logf("%d rounds, %d acknowledged works, all found", rounds, len(acknowledged))
}

// killAfter runs registerForEver for some time and returns what it acknowledged.
func killAfter(t *testing.T, dir string, d time.Duration) (acknowledged []uint64) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), killEnv+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(d, func() { cmd.Process.Kill() })
	defer timer.Stop()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		i, err := strconv.ParseUint(lines.Text(), 10, 64)
		if err != nil {
			t.Errorf("the process said: %s", lines.Text())
			break
		}
		acknowledged = append(acknowledged, i)
	}
	cmd.Process.Kill()
	_ = cmd.Wait() // it was killed
	return acknowledged
}
