package normalize

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// scan says what a text is, and so what is looked for in it.
type scan uint8

const (
	scanNone  scan = iota
	scanIdent      // decides what a record is: what is masked leaves a digest
	scanLabel      // a name or an address: secrets of known looks
	scanProse      // may hold anything: also what is random
	scanJSON       // JSON text as it is stored, of which not all is masked
)

const (
	minText = 8  // no shorter text is looked at
	minRun  = 12 // nor a shorter run of token bytes
	longRun = 40 // a line of a PEM block has as many

	maxValue = 4 << 10 // what is looked at for one name, so that no text takes long
)

// finder finds secrets by their looks. Text without any costs a look at every
// twelfth byte or so, and at each ':' and '='.
type finder struct {
	hits []hit
	text string
	name string // of the member or field that holds the text
	path []byte // of the object that holds the member, "a.b"
	how  scan
	ids  *Record // whose ids are known to be none; nil: unknown
}

// hit is text[from:to]. An empty one was masked before.
type hit struct {
	from, to int
	rule     rule
}

// find sets hits to what is to be masked in text, in its order.
func (f *finder) find(name, text string, how scan) bool {
	if len(text) < minText {
		return false
	}
	f.hits, f.name, f.text, f.how = f.hits[:0], name, text, how
	f.runs()
	if i := strings.IndexByte(text, '='); i >= 0 {
		f.assignments(i)
	}
	if i := strings.IndexByte(text, ':'); i >= 0 {
		f.colons(i)
	}
	if len(f.hits) > 1 {
		slices.SortStableFunc(f.hits, func(a, b hit) int {
			if a.from != b.from {
				return a.from - b.from
			}
			return b.to - a.to
		})
	}
	return len(f.hits) > 0
}

// covers returns where the last hit ends if that is behind i, and else i.
func (f *finder) covers(i int) int {
	if n := len(f.hits); n > 0 {
		return max(i, f.hits[n-1].to-1)
	}
	return i
}

func (f *finder) add(from, to int, why rule) { f.hits = append(f.hits, hit{from, to, why}) }

// writeMark writes what stands instead of h.
func (h *hit) writeMark(b *strings.Builder, s string, how scan) {
	b.WriteString(Masked[:len(Masked)-1])
	if h.rule != byKey {
		b.WriteByte(':')
		b.WriteString(string(h.rule))
	}
	if how == scanIdent { // two things stay two things
		sum := sha256.Sum256([]byte(s[h.from:h.to]))
		b.WriteByte(':')
		b.WriteString(hex.EncodeToString(sum[:8]))
	}
	b.WriteByte(']')
}

// runs looks at each run of token bytes that is long enough.
func (f *finder) runs() {
	s, pem := f.text, false
	for i := 0; i+minRun <= len(s); {
		j := i + minRun - 1
		for j >= i && class[s[j]] != 0 {
			j--
		}
		if j >= i {
			i = j + 1
			continue
		}
		end := i + minRun
		for end < len(s) && class[s[end]] != 0 {
			end++
		}
		f.run(i, end)
		pem = pem || end-i >= longRun
		i = end + 1
	}
	if pem {
		f.pem()
	}
}

// run looks at text[from:to].
func (f *finder) run(from, to int) {
	s := f.text
	for at := from; at < to; at++ {
		end := to
		if slash := strings.IndexByte(s[at:to], '/'); slash >= 0 {
			end = at + slash
		}
		if end-at >= minRun {
			if why := knownSecret(s[at:end]); why != "" {
				f.add(at, end, why)
				return
			}
		}
		at = end
	}
	if from > 0 {
		switch s[from-1] {
		case '.':
			for _, d := range dotted {
				if word := s[:from-1]; strings.HasSuffix(word, d.word) && (len(word) == len(d.word) || class[word[len(word)-len(d.word)-1]]&^mark == 0) {
					f.add(from-1-len(d.word), f.endOfToken(to), d.rule)
					return
				}
			}
		case ' ', '+':
			if f.credentials(from, to) {
				return
			}
		case '\\':
			from = min(from+1, to) // the letter of an escape
		}
	}
	if strings.HasPrefix(s[from:to], "eyJ") && to+1 < len(s) && s[to] == '.' && class[s[to+1]] != 0 {
		f.add(from, f.endOfToken(to), byJWT)
		return
	}
	if f.how >= scanProse {
		f.random(from, to)
	}
}

// endOfToken goes on from to over the bytes that tokens of several parts have.
func (f *finder) endOfToken(to int) int {
	for to < len(f.text) && (class[f.text[to]] != 0 || f.text[to] == '.' || f.text[to] == '=' || f.text[to] == '~') {
		to++
	}
	return to
}

// credentials looks for the scheme before text[from:to]: Bearer, Basic, SSWS.
func (f *finder) credentials(from, to int) bool {
	before := f.text[max(0, from-8) : from-1]
	word := before[strings.LastIndexFunc(before, func(r rune) bool { return r < 'A' || r > 'z' })+1:]
	switch {
	case strings.EqualFold(word, "bearer"), strings.EqualFold(word, "ssws"), strings.EqualFold(word, "token"):
		if set := classes(f.text[from:to]); set&digit != 0 || set&lowerCase != 0 && set&upperCase != 0 && to-from >= minRandom {
			f.add(from, f.endOfToken(to), byBearer)
			return true
		}
	case strings.EqualFold(word, "basic"):
		if basic(f.text[from:to]) {
			f.add(from, f.endOfToken(to), byBasic)
			return true
		}
	}
	return false
}

// random looks for what is drawn by lot in text[from:to], in its parts if it
// is a path.
func (f *finder) random(from, to int) {
	if to-from < minRandom {
		return
	}
	s := f.text[from:to]
	path := from > 0 && strings.IndexByte(".:/", f.text[from-1]) >= 0 || s[0] == '/'
	if !path && !strings.Contains(s, "/") || !path && len(s) >= 32 && strings.Count(s, "/") <= 1+len(s)/8 && random(s) {
		f.addRandom(from, to)
		return
	}
	for at := from; at < to; {
		end := strings.IndexByte(f.text[at:to], '/')
		if end < 0 {
			end = to - at
		}
		f.addRandom(at, at+end)
		at += end + 1
	}
}

func (f *finder) addRandom(from, to int) {
	if !random(f.text[from:to]) || idKey(f.name) || idKey(string(f.path)) || idKey(f.nameOf(from)) || f.known(f.text[from:to]) {
		return
	}
	for to < len(f.text) && f.text[to] == '=' {
		to++
	}
	f.add(from, to, byEntropy)
}

// nameOf returns the name in name=value, name: value or "name":"value" at from.
func (f *finder) nameOf(from int) string {
	for from > 0 && strings.IndexByte(" \"'\\", f.text[from-1]) >= 0 {
		from--
	}
	if from == 0 || f.text[from-1] != ':' && f.text[from-1] != '=' {
		return ""
	}
	start, end := nameBefore(f.text, from-1)
	if name := f.text[start:end]; f.how != scanJSON || idKey(name) {
		return name
	}
	for depth, least := 0, max(0, start-maxValue); start > least; start-- { // the name of the object around it
		switch f.text[start-1] {
		case '}':
			depth++
		case '{':
			if depth--; depth < 0 && start > 1 {
				start, end = nameBefore(f.text, start-2)
				return f.text[start:end]
			}
		}
	}
	return ""
}

// known reports whether s is, or is in, an id that the record has anyway.
func (f *finder) known(s string) bool {
	r := f.ids
	if r == nil {
		return false
	}
	for _, id := range [...]string{r.NativeID, r.RunID, r.CorrelationID, r.ObjectID, r.SubjectID, r.ActorID, r.TargetAppID, r.ActionID, r.WorkflowID} {
		if len(id) >= len(s) && strings.Contains(id, s) {
			return true
		}
	}
	return false
}

// pem looks for private keys: to their end, or to that of a text that was cut.
func (f *finder) pem() {
	const begin, end = "-----BEGIN ", "-----END "
	for at := 0; ; {
		i := strings.Index(f.text[at:], begin)
		if i < 0 {
			return
		}
		from := at + i
		rest := f.text[from+len(begin):]
		at = from + len(begin)
		if label, _, ok := strings.Cut(rest, "-----"); !ok || len(label) > 40 || !strings.HasSuffix(strings.TrimSuffix(label, " BLOCK"), "PRIVATE KEY") {
			continue
		}
		to := len(f.text)
		if f.how == scanJSON {
			if q := strings.IndexByte(rest, '"'); q >= 0 {
				to = at + q
				for f.text[to-1] == '\\' {
					to--
				}
			}
		}
		if e := strings.Index(f.text[at:to], end); e >= 0 {
			to = at + e + len(end)
			for to < len(f.text) && (f.text[to] == ' ' || f.text[to] == '-' || class[f.text[to]] == upperCase) {
				to++
			}
		}
		f.add(from, to, byPEM)
		at = to
	}
}
