package ingest

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/runledger/runledger/internal/config"
)

// ratioFrom is the size below which a body may be compressed as well as it
// likes: short texts compress strangely.
const ratioFrom = 64 << 10

// body is what a sender sent.
type body struct {
	data []byte   // decompressed
	sum  [32]byte // SHA-256 as received
	wire int64    // bytes as received
}

// readBody reads the body within the limits and the time of patience; it never
// holds more than twice max_body, whatever the body grows to.
func readBody(w http.ResponseWriter, r *http.Request, limits config.Gateway, patience time.Duration) (body, *Problem) {
	encoding := strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding")))
	if encoding != "" && encoding != "identity" && encoding != "gzip" {
		return body{}, newProblem(http.StatusUnsupportedMediaType, codeMediaType,
			"Content-Encoding %q is not read here: send gzip, or the plain text", clipText(encoding, 64))
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(patience)) // not every connection has one
	defer func() { _ = control.SetReadDeadline(time.Time{}) }()

	received := &receivedReader{r: http.MaxBytesReader(w, r.Body, limits.MaxBody), sum: sha256.New()}
	buffered := bufio.NewReader(received)
	start, _ := buffered.Peek(2)
	zipped := string(start) == "\x1f\x8b"
	var (
		data    []byte
		problem *Problem
	)
	switch {
	case zipped:
		data, problem = inflate(buffered, received, limits)
	case encoding == "gzip" && len(start) > 0:
		problem = newProblem(http.StatusBadRequest, codeBadEncoding,
			"Content-Encoding says gzip, and the body does not start like it (1f 8b): correct the header or compress the body")
	default:
		data, problem = readAll(buffered, make([]byte, 0, min(max(r.ContentLength, 0), limits.MaxBody)+512), limits, nil)
	}
	if problem != nil {
		return body{}, problem
	}
	b := body{data: data, wire: received.n}
	received.sum.Sum(b.sum[:0])
	return b, nil
}

func inflate(src *bufio.Reader, received *receivedReader, limits config.Gateway) ([]byte, *Problem) {
	z, err := gzip.NewReader(src)
	if err != nil {
		return nil, readProblem(err, limits)
	}
	return readAll(z, nil, limits, received)
}

// readAll appends src to buf. For a compressed body, received counts the bytes
// it was made of.
func readAll(src io.Reader, buf []byte, limits config.Gateway, received *receivedReader) ([]byte, *Problem) {
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := src.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		size := int64(len(buf))
		switch {
		case received != nil && size > ratioFrom && limits.MaxRatio > 0 && size > limits.MaxRatio*received.n:
			return nil, overLimit(codeMaxRatio, limits.MaxRatio,
				"the body decompresses to more than %d times its size (gateway.max_ratio), nothing was written: send it plain or in parts", limits.MaxRatio)
		case size > limits.MaxBody:
			return nil, bodyTooLarge(limits)
		case err == io.EOF:
			return buf, nil
		case err != nil:
			return nil, readProblem(err, limits)
		}
	}
}

func bodyTooLarge(limits config.Gateway) *Problem {
	return overLimit(codeMaxBody, limits.MaxBody,
		"the body is larger than %d bytes (gateway.max_body, after decompression), nothing was written: send it in parts", limits.MaxBody)
}

// readProblem tells what a sender did wrong by the error its body gave.
func readProblem(err error, limits config.Gateway) *Problem {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return bodyTooLarge(limits)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return newProblem(http.StatusRequestTimeout, codeTimeout,
			"the body did not arrive in time, nothing was written: push again, in smaller parts if the line is slow")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return newProblem(http.StatusBadRequest, codeBadEncoding,
			"the body ends in the middle, nothing was written: push it again")
	default:
		return newProblem(http.StatusBadRequest, codeBadEncoding,
			"the body cannot be read: %s; nothing was written", err)
	}
}

// receivedReader counts and hashes what comes in.
type receivedReader struct {
	r   io.Reader
	sum hash.Hash
	n   int64
}

func (c *receivedReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	c.sum.Write(p[:n])
	return n, err
}
