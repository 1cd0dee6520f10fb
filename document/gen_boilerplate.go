//go:build ignore

// Gen_boilerplate writes boilerplate.bin from the texts in the folder that it
// is given. The one in the repository was made of the licences in Debian's
// base-files 12.4 (common-licenses) and of those that common lists in the
// module github.com/google/licenseclassifier/v2 at v2.0.0:
//
//	truncate -s 0 boilerplate.bin
//	go run gen_boilerplate.go /usr/share/common-licenses
package main

import (
	"encoding/binary"
	"encoding/json"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/likeness-go/likeness/document"
	"github.com/likeness-go/likeness/fingerprint"
)

const module = "github.com/google/licenseclassifier/v2@v2.0.0"

const common = "AGPL-3.0 Apache-2.0 Artistic-2.0 BSD-2-Clause BSD-3-Clause BSD-4-Clause CC0-1.0 CC-BY-2.0 CC-BY-2.5 CC-BY-3.0 " +
	"CC-BY-4.0 CC-BY-SA-2.0 CC-BY-SA-2.5 CC-BY-SA-3.0 CC-BY-SA-4.0 CC-BY-NC-4.0 CC-BY-NC-SA-3.0 CC-BY-NC-SA-4.0 CC-BY-ND-4.0 " +
	"CC-BY-NC-ND-4.0 CDDL-1.0 EPL-1.0 EPL-2.0 EUPL-1.1 GPL-2.0 GPL-3.0 ISC LGPL-2.1 LGPL-3.0 LPPL-1.3c MIT MPL-1.1 MPL-2.0 " +
	"OFL-1.1 PostgreSQL Python-2.0 Unlicense Zlib"

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: go run gen_boilerplate.go FOLDER")
	}
	paths, err := filepath.Glob(filepath.Join(os.Args[1], "*"))
	if err != nil || len(paths) == 0 {
		log.Fatalf("no licences in %s (%v)", os.Args[1], err)
	}
	out, err := exec.Command("go", "mod", "download", "-json", module).Output()
	if err != nil {
		log.Fatal(err)
	}
	var m struct{ Dir string }
	if err := json.Unmarshal(out, &m); err != nil {
		log.Fatal(err)
	}
	for _, name := range strings.Fields(common) {
		found, err := filepath.Glob(filepath.Join(m.Dir, "assets", "*", name, "*.txt"))
		if err != nil || len(found) == 0 {
			log.Fatalf("no licence %s in %s (%v)", name, module, err)
		}
		paths = append(paths, found...)
	}
	all := keys(paths)
	if len(all) == 0 {
		log.Fatal("no terms: boilerplate.bin must be empty when this program is built, since what it holds is no term")
	}
	if err := os.WriteFile("boilerplate.bin", encode(all), 0o644); err != nil {
		log.Fatal(err)
	}
}

// keys returns the upper halves of the keys of all terms in the files.
func keys(paths []string) []uint32 {
	spec, err := fingerprint.SpecOf(document.Shingle1)
	if err != nil {
		log.Fatal(err)
	}
	var all []uint32
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			log.Fatal(err)
		}
		h := document.NewHasher()
		h.Write(text)
		f, err := h.Fingerprint()
		if err != nil {
			log.Printf("%s: %v", path, err)
			continue
		}
		for t := range spec.Terms(f) {
			all = append(all, uint32(t.Key>>32))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func encode(keys []uint32) []byte {
	var b []byte
	for _, k := range keys {
		b = binary.BigEndian.AppendUint32(b, k)
	}
	return b
}
