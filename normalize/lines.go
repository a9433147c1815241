package normalize

import (
	"bytes"
	"fmt"
	"unicode/utf8"
	"unsafe"
)

// maxLine is the longest line that is read, in bytes: as long as a JSON string
// may be.
const maxLine = 256 << 10

// Split takes a text of many payloads of f apart: into lines if f reads lines,
// and else as the function Split does.
func (f *Format) Split(data []byte, more bool, yield func(piece []byte, offset int, refused *Error) bool) (done int) {
	if f.MapLine == nil {
		return Split(data, more, yield)
	}
	return splitLines(data, more, func(line []byte, offset int) bool { return yield(line, offset, nil) })
}

// splitLines yields the lines of data that are not blank, without their ends.
// If more is a promise that data goes on, a line without an end is left over.
func splitLines(data []byte, more bool, yield func(line []byte, offset int) bool) (done int) {
	at := len(data) - len(bytes.TrimPrefix(data, []byte("\ufeff")))
	for at < len(data) {
		line, next := data[at:], len(data)
		if n := bytes.IndexByte(line, '\n'); n >= 0 {
			line, next = line[:n], at+n+1
		} else if more {
			return at
		}
		line = bytes.TrimSuffix(line, []byte{'\r'})
		if skipBlank(line, 0) < len(line) && !yield(line, at) {
			return at
		}
		at = next
	}
	return at
}

// lines is Append for formats that read lines.
func (n *Normalizer) lines(text []byte) {
	c, elements := &n.ctx, 0
	splitLines(text, false, func(line []byte, offset int) bool {
		elements++
		before := len(c.batch.Records)
		c.element()
		err := checkLine(line)
		if err == nil {
			err = c.format.MapLine(c, unsafe.String(unsafe.SliceData(line), len(line)))
		}
		if err == nil && len(c.batch.Records) == before {
			err = &Error{Reason: Empty, Detail: "the line makes no record"}
		}
		if err != nil {
			e := asError(err)
			e.Offset += offset
			err = e
		}
		n.settle(before, err, line, offset)
		return true
	})
	if elements == 0 {
		n.reject(c.batch, text, 0, &Error{Reason: Empty, Detail: "the payload holds no line"})
	}
}

// checkLine refuses what would be refused in JSON, too.
func checkLine(line []byte) error {
	switch nul := bytes.IndexByte(line, 0); {
	case len(line) > maxLine:
		return &Error{Reason: LimitExceeded, Detail: fmt.Sprintf("the line has %d bytes, at most %d are read", len(line), maxLine)}
	case nul >= 0:
		return &Error{Reason: Malformed, Offset: nul, Detail: "a NUL byte in a line of text: the file was cut while it was written"}
	case !utf8.Valid(line):
		return &Error{Reason: BadEncoding, Offset: validPrefix(line), Detail: "the line is not UTF-8"}
	}
	return nil
}

// validPrefix returns how many bytes of b are UTF-8 before the first that are not.
func validPrefix(b []byte) int {
	at := 0
	for at < len(b) {
		r, size := utf8.DecodeRune(b[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return at
}
