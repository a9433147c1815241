package embedded

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
)

// maxOutput is the size at which a child's output is set aside when the child
// next starts. The children write next to nothing there: ClickHouse has a log
// of its own, which it rotates, and the broker reports errors alone.
const maxOutput = 1 << 20

// openOutput opens the file that takes a child's stdout and stderr. It keeps
// one older file beside it.
func openOutput(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err == nil && info.Size() > maxOutput {
		err = os.Rename(path, path+".1")
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
}

// lastWords is the last line of a file, or as much of it as fits an error.
func lastWords(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	text = bytes.TrimSpace(text)
	text = text[bytes.LastIndexByte(text, '\n')+1:]
	return string(text[:min(len(text), 500)])
}
