package normalize

import "strings"

// assignments looks at each name=value, from the '=' at i on: in addresses,
// connection strings and prose.
func (f *finder) assignments(i int) {
	s := f.text
	for ; i < len(s); i = next(s, i, '=') {
		start, end := nameBefore(s, i)
		if start == end {
			continue
		}
		name := s[start:end]
		why := byKey
		switch {
		case signing(name), name == "code" && start > 0 && (s[start-1] == '?' || s[start-1] == '&'):
			why = bySignedURL
		case !secretKey(name):
			continue
		}
		from := i + 1
		if end < i && from < len(s) && s[from] == ' ' {
			from++
		}
		before := len(f.hits)
		f.value(from, why, false)
		if len(f.hits) > before {
			i = f.covers(i)
		}
	}
}

// signing reports whether a parameter of that name opens a link.
func signing(name string) bool {
	switch len(name) {
	case 3:
		return name == "sig"
	case 9:
		return strings.EqualFold(name, "signature")
	case 15, 16:
		return strings.EqualFold(name, "x-amz-signature") || strings.EqualFold(name, "x-goog-signature")
	default:
		return false
	}
}

// next returns where c stands in s behind i, or len(s).
func next(s string, i int, c byte) int {
	if n := strings.IndexByte(s[i+1:], c); n >= 0 {
		return i + 1 + n
	}
	return len(s)
}

// nameBefore returns the name that ends before s[i], which quotes, backslashes
// and one blank may set apart.
func nameBefore(s string, i int) (start, end int) {
	end = i
	for end > 0 && (s[end-1] == '"' || s[end-1] == '\'' || s[end-1] == '\\' || s[end-1] == ' ' && end == i) {
		end--
	}
	start = end
	for start > 0 && end-start < 64 && (class[s[start-1]]&^mark != 0 || s[start-1] == '_' || s[start-1] == '-' || s[start-1] == '.') {
		start--
	}
	return start, end
}

// colons looks at each name: value, scheme://user:password@host and at what was
// masked before, from the ':' at i on.
func (f *finder) colons(i int) {
	s := f.text
	dsn := strings.Contains(s, "@tcp(") || strings.Contains(s, "@unix(")
	for ; i < len(s); i = next(s, i, ':') {
		if i == 0 || i+1 == len(s) {
			continue
		}
		hits := len(f.hits)
		switch before := s[i-1]; {
		case s[i+1] == '/' && strings.HasPrefix(s[i:], "://"):
			f.userInfo(i + 3)
		case before == 'd' && strings.HasSuffix(s[:i], Masked[:len(Masked)-1]):
			if end := strings.IndexByte(s[i:], ']'); end > 1 && end < 64 {
				f.add(i, i, rule(s[i+1:i+end]))
			}
			continue
		case class[before]&(lowerCase|upperCase) != 0, before == '"', before == '\'', before == '\\':
			f.named(i)
		}
		if dsn {
			f.dsn(i)
		}
		if len(f.hits) > hits {
			i = f.covers(i)
		}
	}
}

// userInfo looks for user:password@ at text[from:].
func (f *finder) userInfo(from int) {
	rest := f.text[from:min(from+maxValue, len(f.text))]
	if end := strings.IndexAny(rest, "/?# \t\r\n\"'<>\\"); end >= 0 {
		rest = rest[:end]
	}
	at := strings.LastIndexByte(rest, '@')
	if at < 0 {
		return
	}
	colon := strings.IndexByte(rest[:at], ':')
	if colon < 0 || harmless(rest[colon+1:at]) {
		return
	}
	f.add(from+colon+1, from+at, byURLPassword)
}

// dsn looks for user:password@tcp(host) around the ':' at i.
func (f *finder) dsn(i int) {
	rest := f.text[i+1:]
	for _, net := range [...]string{"@tcp(", "@unix("} {
		if at := strings.Index(rest[:min(len(rest), 160)], net); at > 0 && !strings.ContainsAny(rest[:at], " \"\n") && !harmless(rest[:at]) {
			f.add(i+1, i+1+at, byURLPassword)
		}
	}
}

// named looks at the value behind the ':' at i, if the name before it is that
// of a secret. Prose says "invalid token: expired": without quotes the value
// has to look like a secret.
func (f *finder) named(i int) {
	s := f.text
	start, end := nameBefore(s, i)
	if start == end || !secretKey(s[start:end]) {
		return
	}
	quoted := end < i && s[i-1] != ' '
	from := i + 1
	for from < len(s) && s[from] == ' ' {
		from++
	}
	if name := s[start:end]; strings.EqualFold(name, "authorization") || strings.EqualFold(name, "cookie") || strings.HasSuffix(name, "ookie") || strings.HasSuffix(name, "uthorization") {
		f.line(from)
		return
	}
	f.value(from, byKey, !quoted)
	if quoted && f.how == scanJSON && s[i-1] == '"' && s[i-2] != '\\' && from < len(s) && s[from] != '"' {
		if n := len(f.hits); n > 0 && f.hits[n-1].from == from { // a number of the stored JSON itself
			f.hits = f.hits[:n-1]
		}
	}
}

// line masks the rest of a line, or of the quoted text, that starts at from.
func (f *finder) line(from int) {
	from, _ = skipQuotes(f.text, from)
	rest := f.text[min(from, len(f.text)):min(from+maxValue, len(f.text))]
	end := strings.IndexAny(rest, "\r\n\"'\\")
	if end < 0 {
		end = len(rest)
	}
	if value := rest[:end]; len(value) >= minText && !harmless(value) && (strings.ContainsAny(value, "0123456789=") || !strings.Contains(value, " ")) {
		f.add(from, from+end, byKey)
	}
}

// skipQuotes goes over the quote that opens a value, and what escapes it.
func skipQuotes(s string, from int) (at int, quote byte) {
	for from < len(s) && s[from] == '\\' {
		from++
	}
	if from < len(s) && (s[from] == '"' || s[from] == '\'') {
		return from + 1, s[from]
	}
	return from, 0
}

// value masks the value at text[from:]; bare is one that has to look like a
// secret unless it is quoted.
func (f *finder) value(from int, why rule, bare bool) {
	from, quote := skipQuotes(f.text, from)
	rest := f.text[min(from, len(f.text)):min(from+maxValue, len(f.text))]
	ends := "&#; \t\r\n\"'\\<>,)}]"
	if quote != 0 {
		ends = string(quote) + "\\\r\n"
	}
	if placeholder(rest) {
		return
	}
	end := strings.IndexAny(rest, ends)
	if end < 0 {
		end = len(rest)
	}
	value := rest[:end]
	if harmless(value) || bare && quote == 0 && !secretLooking(value) {
		return
	}
	f.add(from, from+end, why)
}

// secretLooking reports whether a word is more likely a secret than prose.
func secretLooking(s string) bool {
	s = strings.TrimRight(s, ".!?:")
	set := classes(s)
	return len(s) >= 6 && set&digit != 0 && (set&(lowerCase|upperCase) != 0 || strings.ContainsAny(s, "!@$%^*~"))
}
