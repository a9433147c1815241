package normalize

import "github.com/runledger/runledger/normalize/jsonx"

// RawMasker masks secrets in payloads as they were received, for those who keep
// the bytes. The zero value is ready; it must not be used by two goroutines at
// once.
type RawMasker struct {
	doc jsonx.Doc
	x   redaction
	dst []byte
	at  int // raw up to here is in dst
}

// Mask returns raw if it shows no secret, and else a copy in which they are
// masked as in records, valid until the next call. All else stays byte for
// byte, so that masked JSON is read as before. Text that is no JSON, such as a
// record that was cut, is searched as text; compressed bytes are left alone.
func (m *RawMasker) Mask(raw []byte) []byte {
	if len(raw) > 1 && raw[0] == 0x1f && raw[1] == 0x8b {
		return raw
	}
	m.doc.Reset()
	m.x.start()
	m.dst, m.at = m.dst[:0], 0
	for at := 0; ; {
		v, end, err := m.doc.ParseNext(raw, at)
		if err != nil {
			if endOfStream(err) {
				end = len(raw)
			}
			m.text(raw, end)
			break
		}
		m.value(raw, v, v.Key())
		at = end
	}
	if len(m.dst) == 0 {
		return m.names(raw)
	}
	m.dst = append(m.dst, raw[m.at:]...)
	return m.names(m.dst)
}

// value masks v, the member key, where it stands in raw.
func (m *RawMasker) value(raw []byte, v jsonx.Value, key string) {
	switch v.Kind() {
	case jsonx.Object:
		if v.Len() > 0 && m.x.keys.secret(key) {
			m.replace(raw, v, Masked)
			return
		}
		back := m.x.enter(key)
		for c := v.First(); c.Exists(); c = c.Next() {
			m.value(raw, c, c.Key())
		}
		m.x.path = m.x.path[:back]
	case jsonx.Array:
		for c := v.First(); c.Exists(); c = c.Next() {
			m.value(raw, c, key)
		}
	case jsonx.String:
		if masked := m.x.mask(key, v.Str()); masked != v.Str() {
			m.replace(raw, v, masked)
		}
	case jsonx.Number:
		if m.x.keys.secret(key) && !counting(key) {
			m.replace(raw, v, Masked)
		}
	}
}

func (m *RawMasker) replace(raw []byte, v jsonx.Value, by string) {
	m.dst = AppendString(append(m.dst, raw[m.at:v.Offset()]...), by)
	m.at = v.Offset() + len(v.Raw())
}

// text masks raw[from:], which is no JSON.
func (m *RawMasker) text(raw []byte, from int) {
	rest := string(raw[from:])
	if masked := m.x.clean("", rest, scanProse); masked != rest {
		m.dst = append(append(m.dst, raw[m.at:from]...), masked...)
		m.at = len(raw)
	}
}

// names masks what is left: secrets that are names of members.
func (m *RawMasker) names(masked []byte) []byte {
	text := string(masked)
	if clean := m.x.clean("", text, scanIdent); clean != text {
		return []byte(clean)
	}
	return masked
}
