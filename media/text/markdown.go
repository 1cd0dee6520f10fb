package text

import (
	"regexp"
	"strings"
)

// Markdown is plain text to every sniffer, so it is told by what it holds.
// Only what would stand between the words is taken out: addresses of links,
// comments, fences. Stars and hashes are no words, so they may stay.
var (
	markdownHeading = regexp.MustCompile(`(?m)^#{1,6} \S`)
	markdownLink    = regexp.MustCompile(`!?\[([^\[\]\n]*)\]\([^()\s]+(?:\s+"[^"\n]*")?\)`)
	markdownRef     = regexp.MustCompile(`!?\[([^\[\]\n]+)\]\[[^\[\]\n]*\]`)
	markdownTarget  = regexp.MustCompile(`^ {0,3}\[[^^\]\n][^\]\n]*\]:\s+\S+.*$`)
	markdownFence   = regexp.MustCompile("(?m)^ {0,3}(```|~~~)[\\w+-]*\\s*$")
	markdownRule    = regexp.MustCompile(`^[\s|:=*_-]{3,}$`)
	markdownComment = regexp.MustCompile(`<!--.*?-->`)
)

// isMarkdown needs two kinds of markup, or many headings: a shell script has
// comments that look like headings, but no links.
func isMarkdown(s string) bool {
	links := len(markdownLink.FindAllStringIndex(s, 3))
	headings := len(markdownHeading.FindAllStringIndex(s, 3))
	fences := len(markdownFence.FindAllStringIndex(s, 2))
	return headings > 0 && (links > 0 || fences > 1) || links > 2
}

func withoutMarkup(line string) string {
	switch {
	case strings.IndexByte(line, '[') >= 0:
		if markdownTarget.MatchString(line) {
			return ""
		}
		line = markdownLink.ReplaceAllString(line, "$1")
		line = markdownRef.ReplaceAllString(line, "$1")
	case markdownFence.MatchString(line) || markdownRule.MatchString(line):
		return ""
	}
	if strings.Contains(line, "<!--") {
		line = markdownComment.ReplaceAllString(line, "")
	}
	return line
}
