package normalize

import (
	"slices"
	"strconv"
	"strings"

	"github.com/runledger/runledger/normalize/jsonx"
)

// keptMember is a member that no field of the Record holds.
type keptMember struct {
	parent string // name of the object it stands in, "" for the element itself
	key    string
	v      jsonx.Value
	text   string // where there is no v: what a header holds
}

// Keep remembers a member of the element that the format does not map. Nulls,
// also those of objects inside, say nothing and are left out.
func (c *Context) Keep(m jsonx.Value) { c.KeepIn("", m) }

// KeepIn is Keep for a member of the object named parent; it is kept under the
// name "parent.key".
func (c *Context) KeepIn(parent string, m jsonx.Value) { c.KeepAs(parent, m.Key(), m) }

// KeepAs is KeepIn under another key than that of the member.
func (c *Context) KeepAs(parent, key string, v jsonx.Value) {
	if v.Exists() && !v.IsNull() {
		c.kept = append(c.kept, keptMember{parent: parent, key: key, v: v})
	}
}

// KeepText is KeepIn for text that is no member of the element.
func (c *Context) KeepText(parent, key, text string) {
	if text != "" {
		c.kept = append(c.kept, keptMember{parent: parent, key: key, text: text})
	}
}

// Kept returns what was kept since the last call as one JSON object for
// Record.Unmapped, members sorted and secrets masked, or "" if there is nothing.
func (c *Context) Kept() string {
	if len(c.kept) == 0 {
		return ""
	}
	slices.SortStableFunc(c.kept, keptMember.compare)
	start := c.arena.mark()
	c.redact.sparse = true
	dst := append(c.arena.buf, '{')
	for i, m := range c.kept {
		if i > 0 {
			dst = append(dst, ',')
		}
		m.parent, m.key = c.redact.maskName(m.parent), c.redact.maskName(m.key)
		c.kept[i] = m
		dst = appendKey(dst, m.parent, m.key, m.among(c.kept[:i]))
		back := c.redact.enter(m.parent)
		if m.v.Exists() {
			dst = c.redact.appendJSON(dst, m.v, m.key)
		} else {
			dst = AppendString(dst, c.redact.mask(m.key, m.text))
		}
		c.redact.path = c.redact.path[:back]
	}
	c.arena.buf = append(dst, '}')
	c.redact.sparse, c.kept = false, c.kept[:0]
	return c.arena.since(start)
}

func (m keptMember) compare(o keptMember) int {
	if d := strings.Compare(m.parent, o.parent); d != 0 {
		return d
	}
	return strings.Compare(m.key, o.key)
}

// among returns how many of list are kept under the name of m: a member "a.b"
// of the element and the member b of its object a are, and so are headers sent
// twice.
func (m keptMember) among(list []keptMember) (n int) {
	for i := range list {
		if m.sameName(&list[i]) {
			n++
		}
	}
	return n
}

func (m keptMember) sameName(o *keptMember) bool {
	if m.parent == o.parent {
		return m.key == o.key
	}
	n := m.size()
	if n != o.size() {
		return false
	}
	for i := range n {
		if m.at(i) != o.at(i) {
			return false
		}
	}
	return true
}

func (m keptMember) size() int {
	if m.parent == "" {
		return len(m.key)
	}
	return len(m.parent) + 1 + len(m.key)
}

// at returns byte i of "parent.key".
func (m keptMember) at(i int) byte {
	switch lead := len(m.parent); {
	case lead == 0:
		return m.key[i]
	case i < lead:
		return m.parent[i]
	case i == lead:
		return '.'
	default:
		return m.key[i-lead-1]
	}
}

// appendKey appends the name of a member; the second of a name is "name#2".
func appendKey(dst []byte, parent, key string, before int) []byte {
	if parent == "" {
		dst = AppendString(dst, key)
	} else {
		dst = AppendString(dst, parent)
		dst[len(dst)-1] = '.'
		end := len(dst)
		dst = AppendString(dst, key)
		dst = append(dst[:end], dst[end+1:]...)
	}
	if before > 0 {
		dst = append(strconv.AppendInt(append(dst[:len(dst)-1], '#'), int64(before+1), 10), '"')
	}
	return append(dst, ':')
}
