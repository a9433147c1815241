package logicapps

import (
	"strings"

	"github.com/runledger/runledger/normalize"
)

// segment returns what follows the segment called name in a resource path, in
// whatever case: "HTTP" for actions in …/runs/085…/actions/HTTP.
func segment(path, name string) string {
	at := after(path, name)
	if at < 0 {
		return ""
	}
	value, _, _ := strings.Cut(path[at:], "/")
	return value
}

// upTo returns the path up to the value of the segment called name, or "".
func upTo(path, name string) string {
	at := after(path, name)
	if at < 0 {
		return ""
	}
	if end := strings.IndexByte(path[at:], '/'); end >= 0 {
		return path[:at+end]
	}
	return path
}

// after returns where the value of the segment called name starts, or -1. A
// path is read from its end in pairs of name and value, for a workflow or a
// resource group may well be called "workflows".
func after(path, name string) int {
	for end := len(path); end > 0; {
		value := strings.LastIndexByte(path[:end], '/')
		if value < 0 {
			return -1
		}
		start := strings.LastIndexByte(path[:value], '/') + 1
		if start < value && strings.EqualFold(path[start:value], name) {
			return value + 1
		}
		end = start - 1
	}
	return -1
}

// lower returns s in lower case: Azure writes one path in many cases.
func lower(c *normalize.Context, s string) string {
	return c.Write(func(dst []byte) []byte {
		for i := range len(s) {
			b := s[i]
			if b-'A' < 26 {
				b += 'a' - 'A'
			}
			dst = append(dst, b)
		}
		return dst
	})
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
