package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/runledger/runledger/normalize"
)

// How much of an input is in memory at a time. A part grows to the largest
// size for the sake of a payload, or of an array, that is longer than the usual.
const (
	partSize    = 512 << 10
	largestPart = 64 << 20
)

// input is one file, or standard input.
type input struct {
	name  string
	path  string    // empty: standard input
	mtime time.Time // when its payloads arrived, as far as can be told
	size  int64     // 0: unknown
}

// part is a stretch of an input, cut between payloads.
type part struct {
	in     *input
	data   []byte
	offset int64 // of data in the input, decompressed
	line   int64 // of the start of data, from 1
	pieces []piece
	broken error // the input cannot be read on behind data
}

// piece is one payload of a part, or what is none.
type piece struct {
	start, end int
	refused    *normalize.Error
}

// lineAt returns the line of the input in which data[at] stands.
func (p *part) lineAt(at int) int64 {
	return p.line + int64(bytes.Count(p.data[:min(at, len(p.data))], []byte{'\n'}))
}

// inputs lists the files of paths; directories are walked, in the order of
// names. No path at all is standard input.
func inputs(paths []string) ([]*input, error) {
	if len(paths) == 0 {
		return []*input{{name: "-", mtime: time.Now()}}, nil
	}
	var list []*input
	for _, root := range paths {
		info, err := os.Stat(root)
		if err != nil {
			return nil, &exitError{Code: exitUsage, Err: err}
		}
		if !info.IsDir() {
			list = append(list, newInput(root, info))
			continue
		}
		before := len(list)
		if list, err = walk(list, root); err != nil {
			return nil, fmt.Errorf("walk %s: %w", root, err)
		}
		if len(list) == before {
			return nil, &exitError{Code: exitUsage, Err: fmt.Errorf("%s: no file ends in .json, .jsonl, .ndjson or .log (or one of them and .gz); name other files one by one", root)}
		}
	}
	return list, nil
}

func newInput(path string, info fs.FileInfo) *input {
	return &input{name: path, path: path, mtime: info.ModTime(), size: info.Size()}
}

func walk(list []*input, root string) ([]*input, error) {
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !payloads(path) {
			return err
		}
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() {
			return err
		}
		list = append(list, newInput(path, info))
		return nil
	})
	return list, err
}

// payloads reports whether a file of a directory is to be read.
func payloads(path string) bool {
	switch filepath.Ext(strings.TrimSuffix(path, ".gz")) {
	case ".json", ".jsonl", ".ndjson", ".log":
		return true
	default:
		return false
	}
}

// cutter reads inputs part by part, with memory that does not grow with them.
type cutter struct {
	format *normalize.Format
	stdin  io.Reader
	// take hands a part on; its data must not be changed before free.
	take func(*part) error
	free chan []byte
}

func newCutter(format *normalize.Format, stdin io.Reader, take func(*part) error) *cutter {
	return &cutter{format: format, stdin: stdin, take: take, free: make(chan []byte, 16)}
}

// release gives the memory of a part back.
func (c *cutter) release(p *part) {
	if cap(p.data) <= 2*partSize {
		select {
		case c.free <- p.data[:0]:
		default:
		}
	}
}

func (c *cutter) buffer(size int) []byte {
	if size <= partSize {
		select {
		case b := <-c.free:
			return b[:0]
		default:
		}
	}
	return make([]byte, 0, max(size, partSize))
}

// read takes in, part by part.
func (c *cutter) read(ctx context.Context, in *input) error {
	src := c.stdin
	if in.path != "" {
		f, err := os.Open(in.path)
		if err != nil {
			return err
		}
		defer f.Close()
		src = f
	}
	plain, err := decompressed(src)
	next := part{in: in, line: 1}
	if err != nil {
		next.broken = err
		return c.take(&next)
	}
	buf := c.buffer(0)
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		var err error
		if buf, err = fill(plain, buf); err != nil {
			more = false
		}
		p := next
		if !errors.Is(err, io.EOF) {
			p.broken = err
		}
		done := p.split(c.format, buf, more)
		if done == 0 && more && len(buf) < largestPart {
			buf = append(c.buffer(2*cap(buf)), buf...)
			continue
		}
		if done == 0 && more {
			done = p.split(c.format, buf, false) // longer than anything sensible: refused
		}
		p.data = buf[:done]
		buf = append(c.buffer(len(buf)-done+1), buf[done:]...)
		next.offset += int64(done)
		next.line = p.lineAt(done)
		if err := c.take(&p); err != nil {
			return err
		}
	}
	return nil
}

// fill reads until buf is full or r ends or fails.
func fill(r io.Reader, buf []byte) ([]byte, error) {
	for len(buf) < cap(buf) {
		n, err := r.Read(buf[len(buf):cap(buf)])
		if buf = buf[:len(buf)+n]; err != nil {
			return buf, err
		}
	}
	return buf, nil
}

// decompressed reads gzip as what is in it, whatever the file is called.
func decompressed(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReaderSize(r, 64<<10)
	if magic, _ := buffered.Peek(2); string(magic) == "\x1f\x8b" {
		return gzip.NewReader(buffered)
	}
	return buffered, nil
}

func (p *part) split(format *normalize.Format, data []byte, more bool) (done int) {
	p.pieces = nil
	return format.Split(data, more, func(text []byte, offset int, refused *normalize.Error) bool {
		p.pieces = append(p.pieces, piece{offset, offset + len(text), refused})
		return true
	})
}

// encode writes v as one line of JSON, as it would be read by people.
func encode(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
