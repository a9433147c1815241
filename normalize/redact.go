package normalize

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/runledger/runledger/normalize/jsonx"
)

// RedactionPolicy is the version of what is masked. It stands on each record of
// which something was; raise it when a rule changes.
const RedactionPolicy = 1

// Masked stands where a secret was that was found by its name. What was found
// by its looks leaves "[redacted:RULE]".
const Masked = "[redacted]"

// rule says why something was masked.
type rule string

// The rules that need no table.
const (
	byKey         rule = "key"          // the name says so
	byEntropy     rule = "entropy"      // random enough, and no id
	bySignedURL   rule = "signed_url"   // the parameter that opens the link
	byURLPassword rule = "url_password" // scheme://user:password@host
	byBearer      rule = "bearer"
	byBasic       rule = "basic"
	byJWT         rule = "jwt"
	byPEM         rule = "pem"
	byCut         rule = "cut" // JSON that was cut: what cannot be read cannot be masked
)

// maxNotes bounds what one record says about what was masked in it.
const maxNotes = 32

// redaction masks the secrets of one element and remembers where they were.
type redaction struct {
	finder
	keys   keyCache
	notes  []byte // " path:rule path:rule "
	count  int
	sparse bool // leave out members that are null
	found  bool // something of the element was masked
	loose  bool // Context.Write made JSON of which nobody knows whether it is masked
}

// start forgets the element before.
func (x *redaction) start() {
	x.notes, x.path, x.count, x.loose = x.notes[:0], x.path[:0], 0, false
	x.found = false
}

// note remembers that the member name of where we are was masked.
func (x *redaction) note(name string, why rule) {
	if len(x.notes) == 0 {
		x.notes = append(x.notes, ' ')
	}
	x.found = true
	start := len(x.notes)
	if len(x.path) > 0 {
		x.notes = append(appendPath(x.notes, string(x.path)), '.')
	}
	x.notes = append(append(append(appendPath(x.notes, name), ':'), why...), ' ')
	switch {
	case bytes.Contains(x.notes[:start], x.notes[start-1:]):
		x.notes = x.notes[:start]
	case x.count >= maxNotes:
		x.notes = x.notes[:start]
		x.count++
	default:
		x.count++
	}
}

// appendPath appends a name of the source so that notes can be taken apart at
// blanks and colons. A name that is none, but a text, ends where that shows.
func appendPath(dst []byte, name string) []byte {
	if len(name) >= minRun && knownSecret(name) != "" {
		return append(dst, "name_of_member"...)
	}
	for i := range min(len(name), 96) {
		switch c := name[i]; {
		case class[c] != 0, c == '.', c == '[', c == ']', c == '$':
			dst = append(dst, c)
		case c == ' ', c == '=', c == '"':
			return append(dst, '_')
		default:
			dst = append(dst, '_')
		}
	}
	return dst
}

// record masks what free text r holds and says on r what was masked.
func (x *redaction) record(r *Record, a *arena) {
	notes, count := len(x.notes), x.count
	x.ids = r
	for i := range maskedFields {
		f := &maskedFields[i]
		s := at[string](f, r)
		if len(*s) < minText || f.mask == scanJSON && !x.loose {
			continue
		}
		if clean := x.clean(f.Name, *s, f.mask); len(clean) != len(*s) || clean != *s {
			if f.mask == scanJSON && !json.Valid([]byte(clean)) {
				clean = x.byMember(*s)
			}
			*s = clean
		}
	}
	x.ids = nil
	r.Redacted = x.text(a)
	x.notes, x.count = x.notes[:notes], count
}

// byMember masks the JSON text s member by member: a look at it as a text took a
// quote that closes one string for one that opens another.
func (x *redaction) byMember(s string) string {
	var doc jsonx.Doc
	v, err := doc.Parse([]byte(s))
	if err != nil {
		return `"` + Masked + `"`
	}
	return string(x.appendJSON(nil, v, ""))
}

// text returns the notes as Record.Redacted: "policy=1 path:rule path:rule".
func (x *redaction) text(a *arena) string {
	if x.count == 0 {
		return ""
	}
	start := a.mark()
	a.buf = append(a.buf, "policy="...)
	a.buf = strconv.AppendInt(a.buf, RedactionPolicy, 10)
	a.buf = append(a.buf, x.notes[:len(x.notes)-1]...)
	if x.count > maxNotes {
		a.buf = append(a.buf, " more:"...)
		a.buf = strconv.AppendInt(a.buf, int64(x.count-maxNotes), 10)
	}
	return a.since(start)
}

// enter goes into the member key and returns how to leave it.
func (x *redaction) enter(key string) (back int) {
	back = len(x.path)
	if key == "" {
		return back
	}
	if back > 0 {
		x.path = append(x.path, '.')
	}
	x.path = append(x.path, key[:min(len(key), 96)]...)
	return back
}

// appendJSON appends v as compact JSON in the order of the source, secrets
// masked. An object that a secret name points to is masked as a whole.
func (x *redaction) appendJSON(dst []byte, v jsonx.Value, key string) []byte {
	switch v.Kind() {
	case jsonx.Object:
		if v.Len() > 0 && x.keys.secret(key) {
			x.note(key, byKey)
			return AppendString(dst, Masked)
		}
		back := x.enter(key)
		dst = x.appendMembers(append(dst, '{'), v)
		x.path = x.path[:back]
		return append(dst, '}')
	case jsonx.Array:
		dst = append(dst, '[')
		for i, m := 0, v.First(); m.Exists(); i, m = i+1, m.Next() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = x.appendJSON(dst, m, key)
		}
		return append(dst, ']')
	case jsonx.String:
		s, raw := v.Str(), v.Raw()
		if masked := x.mask(key, s); len(masked) != len(s) || masked != s || len(raw) != len(s)+2 {
			return AppendString(dst, masked)
		}
		return append(dst, raw...) // no escapes in it, nothing masked
	default:
		if v.Kind() == jsonx.Number && x.keys.secret(key) && !counting(key) {
			x.note(key, byKey)
			return AppendString(dst, Masked)
		}
		return append(dst, v.Raw()...)
	}
}

func (x *redaction) appendMembers(dst []byte, v jsonx.Value) []byte {
	first := true
	for m := v.First(); m.Exists(); m = m.Next() {
		if x.sparse && m.IsNull() {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		key := x.maskName(m.Key())
		dst = append(AppendString(dst, key), ':')
		dst = x.appendJSON(dst, m, key)
	}
	return dst
}

// maskName is mask for the name of a member: objects are also used as maps.
func (x *redaction) maskName(name string) string {
	if len(name) < minRun {
		return name
	}
	return x.clean("name_of_member", name, scanIdent) // two names stay two
}

// mask returns s, or what may be stored instead of it.
func (x *redaction) mask(key, s string) string {
	if s == "" {
		return s
	}
	if x.keys.secret(key) {
		x.note(key, byKey)
		return Masked
	}
	if len(s) < minText {
		return s
	}
	return x.clean(key, s, scanProse)
}

// clean returns s without the secrets that it shows by its looks.
func (x *redaction) clean(name, s string, how scan) string {
	if !x.find(name, s, how) {
		return s
	}
	var b strings.Builder
	at := 0
	for _, h := range x.hits {
		if h.from < h.to || how != scanJSON { // members of JSON were noted one by one
			x.note(name, h.rule)
		}
		if h.from < at || h.from == h.to { // inside of another, or masked before
			continue
		}
		b.WriteString(s[at:h.from])
		h.writeMark(&b, s, how)
		at = h.to
	}
	b.WriteString(s[at:])
	return b.String()
}
