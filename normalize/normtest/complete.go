package normtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Complete holds that a format loses nothing of the elements of its samples:
// each text and number, or what stands between the bars of a line, stands in a
// field of a record, in whatever case, unless dropped says that the format
// leaves it out on purpose. Samples in which something was refused or masked
// are left alone.
func Complete(t *testing.T, f normalize.Format, dropped func(leaf string) bool) {
	for _, s := range load(t) {
		b := run(f, s)
		if len(b.Rejects) > 0 || anyMasked(b.Records) {
			continue
		}
		var out []byte
		for i := range b.Records {
			out = normalize.AppendJSON(out, &b.Records[i])
		}
		all := strings.ToLower(string(out))
		for _, leaf := range leavesOf(t, f, s.value) {
			if !strings.Contains(all, written(leaf)) && !dropped(leaf) {
				t.Errorf("%s: %q is lost", s.name, leaf)
			}
		}
	}
}

func anyMasked(records []normalize.Record) bool {
	return slices.ContainsFunc(records, func(r normalize.Record) bool { return r.Redacted != "" })
}

func leavesOf(t *testing.T, f normalize.Format, value []byte) (list []string) {
	if f.MapLine != nil {
		for _, field := range strings.FieldsFunc(strings.TrimPrefix(string(value), "\ufeff"), func(r rune) bool { return r == '|' || r == '\n' }) {
			list = append(list, strings.TrimSpace(field))
		}
		return list
	}
	eachElement(t, f, value, func(v jsonx.Value) { list = append(list, leaves(t, v.Raw())...) })
	return list
}

func eachElement(t *testing.T, f normalize.Format, value []byte, do func(jsonx.Value)) {
	elements := f.Elements
	if elements == nil {
		elements = normalize.DefaultElements
	}
	var doc jsonx.Doc
	for at := 0; ; {
		root, end, err := doc.ParseNext(value, at)
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
		elements(root, do)
		at = end
	}
}

// written returns how AppendJSON writes a value of the source.
func written(leaf string) string {
	if at, _, err := normalize.ParseTime(leaf); err == nil {
		return strings.ToLower(at.String())
	}
	quoted := normalize.AppendString(nil, leaf)
	return strings.ToLower(string(quoted[1 : len(quoted)-1]))
}

// leaves returns the texts and numbers of JSON documents, also of those that
// stand inside of texts.
func leaves(t *testing.T, value []byte) (list []string) {
	dec := json.NewDecoder(bytes.NewReader(value))
	dec.UseNumber()
	for dec.More() {
		var doc any
		require.NoError(t, dec.Decode(&doc))
		list = collect(t, list, doc)
	}
	return list
}

func collect(t *testing.T, list []string, v any) []string {
	switch v := v.(type) {
	case map[string]any:
		for _, member := range v {
			list = collect(t, list, member)
		}
	case []any:
		for _, item := range v {
			list = collect(t, list, item)
		}
	case json.Number:
		list = append(list, v.String())
	case string:
		if strings.HasPrefix(v, "{") && json.Valid([]byte(v)) || strings.HasPrefix(v, "[") && json.Valid([]byte(v)) {
			return append(list, leaves(t, []byte(v))...)
		}
		list = append(list, v)
	}
	return list
}
