package ingest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"

	"github.com/runledger/runledger/normalize"
)

// What a compressed message may grow to.
const (
	maxPlain = 10 << 20
	maxRatio = 100
)

// isGzip reports whether value starts as gzip does; no JSON text can.
func isGzip(value []byte) bool { return len(value) > 2 && value[0] == 0x1f && value[1] == 0x8b }

// gunzip reads compressed messages, one at a time. The zero value is ready.
type gunzip struct {
	zip   *gzip.Reader
	plain bytes.Buffer
}

// read returns the content of value, valid until the next read.
func (g *gunzip) read(value []byte) ([]byte, *normalize.Error) {
	var err error
	source := bytes.NewReader(value)
	if g.zip == nil {
		g.zip, err = gzip.NewReader(source)
	} else {
		err = g.zip.Reset(source)
	}
	if err != nil {
		return nil, broken(err)
	}
	limit := min(maxPlain, int64(len(value))*maxRatio)
	g.plain.Reset()
	n, err := g.plain.ReadFrom(io.LimitReader(g.zip, limit+1))
	switch {
	case err != nil:
		return nil, broken(err)
	case n > limit:
		return nil, &normalize.Error{
			Reason: normalize.LimitExceeded,
			Detail: "the compressed message grows beyond 10 MiB or a hundred times its size",
		}
	case n == 0:
		return nil, &normalize.Error{Reason: normalize.Empty, Detail: "the compressed message is empty"}
	}
	return g.plain.Bytes(), nil
}

func broken(err error) *normalize.Error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return &normalize.Error{Reason: normalize.Truncated, Detail: "the compressed message ends in the middle"}
	}
	return &normalize.Error{Reason: normalize.BadEncoding, Detail: "the compressed message is broken: " + err.Error()}
}
