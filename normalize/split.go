package normalize

import (
	"bytes"
	"errors"
	"slices"

	"github.com/runledger/runledger/normalize/jsonx"
)

// Split takes a text of many payloads apart, each piece to be one Raw.Value: a
// stream of JSON values, such as JSON lines, yields its values, and an array
// among them its items. Envelopes inside a piece are left to the format.
//
// A piece that is no JSON is yielded with refused set, whose Offset counts from
// the start of data, and its neighbours go through: in a stream it ends where
// its brackets close, or else with its line and the lines below that start
// with white space or a closing bracket. An array whose own brackets and
// commas are broken is refused as a whole, with everything behind it.
//
// If more is a promise that data goes on, Split stops before a piece that the
// end of data may have cut. It returns how many bytes are done with. Between
// the pieces lies nothing but white space, a byte order mark at the start, and
// the brackets and commas of arrays. Yielding false stops it.
func Split(data []byte, more bool, yield func(piece []byte, offset int, refused *Error) bool) (done int) {
	s := splitter{data: data, more: more, yield: yield}
	at := skipBlank(data, len(data)-len(bytes.TrimPrefix(data, []byte("\ufeff"))))
	for at < len(data) {
		step := s.value
		if data[at] == '[' {
			step = s.array
		}
		end, ok := step(at)
		if !ok {
			return at
		}
		at = skipBlank(data, end)
	}
	return at
}

type splitter struct {
	doc   jsonx.Doc
	data  []byte
	more  bool
	yield func([]byte, int, *Error) bool
	items []piece
}

// piece is data[start:end].
type piece struct {
	start, end int
	refused    *Error
}

func (s *splitter) emit(p piece) bool { return s.yield(s.data[p.start:p.end], p.start, p.refused) }

// value yields the value of a stream that starts at data[at]. It returns false
// to stop before it.
func (s *splitter) value(at int) (end int, ok bool) {
	end, err := s.parse(at)
	if err == nil {
		if s.more && end == len(s.data) {
			return at, false
		}
		return end, s.emit(piece{start: at, end: end})
	}
	if s.more && truncated(err) {
		return at, false
	}
	end = s.endOfRefused(at)
	if s.more && end >= len(s.data)-1 {
		return at, false
	}
	return end, s.emit(s.refuse(at, end))
}

// array yields the items of the array that starts at data[at], once all of
// them are known to be there.
func (s *splitter) array(at int) (end int, ok bool) {
	end, broken := s.walk(at)
	if broken == nil {
		for _, item := range s.items {
			if !s.emit(item) {
				return at, false
			}
		}
		return end, true
	}
	if s.more {
		return at, false
	}
	return len(s.data), s.emit(piece{at, len(s.data), broken})
}

// walk collects the items of the array that starts at data[at].
func (s *splitter) walk(at int) (end int, broken *Error) {
	s.items = s.items[:0]
	i := skipBlank(s.data, at+1)
	if i < len(s.data) && s.data[i] == ']' {
		s.items = append(s.items, piece{at, i + 1, &Error{Reason: Empty, Offset: at, Detail: "the array holds no element"}})
		return i + 1, nil
	}
	for {
		if i == len(s.data) {
			return i, &Error{Reason: Truncated, Offset: i, Detail: "the array is not closed: want an item, got the end of the text"}
		}
		item := piece{start: i}
		var err error
		if item.end, err = s.parse(i); err != nil {
			if item.end = s.endOfItem(i); item.end == i {
				return i, refusal(err, 0)
			}
			item = s.refuse(i, item.end)
		}
		s.items = append(s.items, item)
		i = skipBlank(s.data, item.end)
		switch {
		case i == len(s.data):
			return i, &Error{Reason: Truncated, Offset: i, Detail: "the array is not closed: want ',' or ']', got the end of the text"}
		case s.data[i] == ']':
			return i + 1, nil
		case s.data[i] != ',':
			return i, &Error{Reason: Malformed, Offset: i, Detail: "want ',' or ']' after an item of the array"}
		}
		i = skipBlank(s.data, i+1)
	}
}

func (s *splitter) parse(at int) (end int, err error) {
	s.doc.Reset()
	_, end, err = s.doc.ParseNext(s.data, at)
	return end, err
}

// refuse says what is wrong with data[start:end] on its own: the first parse
// may have run into the neighbours.
func (s *splitter) refuse(start, end int) piece {
	s.doc.Reset()
	end = start + len(bytes.TrimRight(s.data[start:end], " \t\r\n"))
	_, _, err := s.doc.ParseNext(s.data[start:end], 0)
	return piece{start, end, refusal(err, start)}
}

func refusal(err error, base int) *Error {
	e := asError(syntaxError(err))
	e.Offset += base
	return e
}

func truncated(err error) bool {
	var e *jsonx.Error
	return errors.As(err, &e) && e.Code == jsonx.Truncated
}

// endOfRefused returns where the broken value of a stream at data[at] ends.
func (s *splitter) endOfRefused(at int) int {
	object := s.data[at] == '{'
	var b brackets
	for i := at; i < len(s.data); i++ {
		if s.data[i] == '\n' && !continues(s.data[i+1:]) {
			return i
		}
		if b.next(s.data[i]); object && b.depth == 0 {
			return i + 1
		}
	}
	return len(s.data)
}

// continues reports whether the line that starts below belongs to the value above.
func continues(below []byte) bool {
	return len(below) > 0 && slices.Contains([]byte(" \t}]"), below[0])
}

// endOfItem returns where the broken item of an array at data[at] ends: at the
// comma or bracket that follows it, or at the end of data.
func (s *splitter) endOfItem(at int) int {
	var b brackets
	for i := at; i < len(s.data); i++ {
		if c := s.data[i]; b.depth == 0 && !b.text && (c == ',' || c == ']' || c == '}') {
			return i
		}
		b.next(s.data[i])
	}
	return len(s.data)
}

// brackets follows a text that is no JSON by its quotes and brackets alone.
type brackets struct {
	depth         int
	text, escaped bool
}

func (b *brackets) next(c byte) {
	switch {
	case b.escaped:
		b.escaped = false
	case b.text:
		b.text, b.escaped = c != '"', c == '\\'
	case c == '"':
		b.text = true
	case c == '{', c == '[':
		b.depth++
	case c == '}', c == ']':
		b.depth--
	}
}

func skipBlank(data []byte, i int) int {
	for i < len(data) && (data[i] == ' ' || data[i] == '\n' || data[i] == '\r' || data[i] == '\t') {
		i++
	}
	return i
}
