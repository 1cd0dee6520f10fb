// Package fingerprint holds the values that flow through Likeness: what was
// learnt of a file, and how two files compare.
//
// A [Fingerprint] is a sequence of features (code, position) that one
// [Algorithm] found in one track of a medium; a [Set] is all fingerprints of
// one file. [File] and [Read] make a Set of any medium whose package the
// program imports, as image.Decode does:
//
//	import _ "github.com/likeness-go/likeness/all"
//
//	set, err := fingerprint.File(ctx, "film.mp4", nil)
//
// Most programs then give the Set to package index. To compare just two
// files, [Compare] needs no index; it is also the specification that lookups
// in an index are tested against.
//
// # Promises
//
// The same bytes give the same fingerprint on every machine, for any number
// of cores. A released algorithm never changes by a single bit; a better one
// gets a new version. Encodings begin with their version, and what one
// release wrote every later one reads.
//
// # Untrusted input
//
// Files, and encoded fingerprints, may come from strangers. Decoding checks
// every length before it allocates, and takes at most a small multiple of the
// size of its input. A file costs no more than its [Limits]. The limits do
// not bound the memory of pure Go decoders exactly: a service that reads what
// strangers send should run with a memory limit of its own as well. A file
// that cannot be read gives an [UnscannableError], which is never to be taken
// for "no match".
package fingerprint
