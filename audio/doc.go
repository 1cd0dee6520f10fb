// Package audio recognises sound: it turns samples into landmarks, the peaks
// of a whitened spectrum on a logarithmic frequency axis, which survive
// codecs, equalisers, telephones and noise, and which a change of speed,
// pitch or tempo merely moves.
//
// In the common case import it for its effect and call fingerprint.File, then
// index.Lookup. Those who have samples of their own, a live stream for one,
// use a Hasher.
//
// The landmarks of given samples are the same however the samples are cut
// into calls, and will stay so: a better algorithm gets a new version.
//
// Sound of strangers can do no more than cost time in proportion to its
// length. Silence and steady tones have few landmarks or none and match
// nothing. A hostile fingerprint is read with bounded effort for each of its
// features.
package audio
