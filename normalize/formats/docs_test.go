package formats_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/formats"
	"github.com/runledger/runledger/normalize/jsonx"
)

var update = flag.Bool("update", false, "write the mappings and the page on sources")

// TestMappings observes what becomes of each member, and compares it with what
// the binary tells.
func TestMappings(t *testing.T) {
	observed := map[string]*mapping{}
	for _, s := range goodSamples(t) {
		m := observed[s.format.Name]
		if m == nil {
			m = &mapping{to: map[string]set{}, decides: map[string]set{}}
			observed[s.format.Name] = m
		}
		for _, element := range elementsOf(t, &s) {
			m.observe(t, &s, element)
		}
	}
	for name, m := range observed {
		path := filepath.Join("mapping", name+".json")
		var text bytes.Buffer
		text.WriteString("[\n")
		for i, member := range m.members() {
			if i > 0 {
				text.WriteString(",\n")
			}
			line, err := json.Marshal(member)
			require.NoError(t, err)
			text.Write(line)
		}
		text.WriteString("\n]\n")
		if *update {
			require.NoError(t, os.WriteFile(path, text.Bytes(), 0o644))
		}
		stored, err := os.ReadFile(path)
		require.NoError(t, err, "run make docs")
		if diff := cmp.Diff(string(stored), text.String()); diff != "" {
			t.Errorf("%s: run make docs, and read the diff (-stored +observed):\n%s", path, diff)
		}
	}
}

// TestPage runs in a process that embeds the mappings: with new ones it takes a
// second run to write the page.
func TestPage(t *testing.T) {
	const path = "../../docs/sources.md"
	page, err := formats.Page()
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(page), 0o644))
	}
	stored, err := os.ReadFile(path)
	require.NoError(t, err)
	if diff := cmp.Diff(string(stored), page); diff != "" {
		t.Errorf("docs/sources.md: run make docs (-stored +generated):\n%s", diff)
	}
}

// elementsOf returns the elements of a sample that can stand alone.
func elementsOf(t *testing.T, s *sample) (list [][]byte) {
	elements := s.format.Elements
	if elements == nil {
		elements = normalize.DefaultElements
	}
	var doc jsonx.Doc
	root, err := doc.Parse(s.value)
	require.NoError(t, err)
	elements(root, func(v jsonx.Value) {
		if b := s.output(v.Raw()); len(b.Rejects) == 0 && len(b.Records) > 0 && v.Kind() == jsonx.Object {
			list = append(list, v.Raw())
		}
	})
	if len(list) == 0 {
		list = append(list, s.value)
	}
	return list
}

type set map[string]bool

// mapping is what was seen of one format.
type mapping struct{ to, decides map[string]set }

// derived are the fields that change with everything.
var derived = map[string]bool{
	"event_id": true, "entity_id": true, "run_key": true, "content_hash": true, "raw_hash": true, "raw_size": true, "error_fingerprint": true, "redacted": true,
}

// observe changes one leaf of element after the other.
func (m *mapping) observe(t *testing.T, s *sample, element []byte) {
	var doc any
	dec := json.NewDecoder(bytes.NewReader(element))
	dec.UseNumber()
	require.NoError(t, dec.Decode(&doc))
	before := records(s, doc)
	leaves(doc, "", func(path string, old any, set func(any)) {
		defer set(old)
		for _, change := range changesOf(old) {
			set(change.to)
			if after := records(s, doc); len(after) == len(before) && len(after) > 0 {
				m.compare(path, before, after, change.marks)
				return
			}
		}
	})
}

// records returns the fields of each record, or nothing if something is rejected.
func records(s *sample, doc any) (list []map[string]string) {
	value, err := json.Marshal(doc)
	if err != nil {
		return nil
	}
	b := s.output(value)
	if len(b.Rejects) > 0 {
		return nil
	}
	for i := range b.Records {
		var fields map[string]json.RawMessage
		if json.Unmarshal(normalize.AppendJSON(nil, &b.Records[i]), &fields) != nil {
			return nil
		}
		texts := map[string]string{}
		for name, text := range fields {
			texts[name] = strings.ToLower(string(text))
		}
		list = append(list, texts)
	}
	return list
}

func (m *mapping) compare(path string, before, after []map[string]string, marks []string) {
	if m.to[path] == nil {
		m.to[path], m.decides[path] = set{}, set{}
	}
	for i := range after {
		names := set{}
		for name := range before[i] {
			names[name] = true
		}
		for name := range after[i] {
			names[name] = true
		}
		for name := range names {
			switch was, is := before[i][name], after[i][name]; {
			case was == is || derived[name]:
			case slices.ContainsFunc(marks, func(mark string) bool { return strings.Contains(is, mark) }):
				m.to[path][name] = true
			default:
				m.decides[path][name] = true
			}
		}
	}
}

func (m *mapping) members() (list []formats.Member) {
	for _, path := range slices.Sorted(maps.Keys(m.to)) {
		for name := range m.to[path] {
			delete(m.decides[path], name)
		}
		if len(m.to[path])+len(m.decides[path]) > 0 {
			list = append(list, formats.Member{Path: path, To: slices.Sorted(maps.Keys(m.to[path])), Decides: slices.Sorted(maps.Keys(m.decides[path]))})
		}
	}
	return list
}

// leaves calls each with the texts, numbers and bools in v, by path.
func leaves(v any, path string, each func(path string, old any, set func(any))) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			below := strings.TrimPrefix(path+"."+k, ".")
			if inner := v[k]; scalar(inner) {
				each(below, inner, func(to any) { v[k] = to })
			} else {
				leaves(inner, below, each)
			}
		}
	case []any:
		for i, inner := range v {
			if scalar(inner) {
				each(path+"[]", inner, func(to any) { v[i] = to })
			} else {
				leaves(inner, path+"[]", each)
			}
		}
	}
}

func scalar(v any) bool {
	switch v.(type) {
	case string, json.Number, bool:
		return true
	default:
		return false
	}
}

// change is another value, and what of it shows where it is held.
type change struct {
	to    any
	marks []string
}

// changesOf returns other values for old, the one that tells most first.
func changesOf(old any) []change {
	switch old := old.(type) {
	case bool:
		return []change{{!old, nil}}
	case json.Number:
		if n, err := old.Int64(); err == nil {
			text := fmt.Sprint(n + 1)
			return []change{{json.Number(text), []string{text}}}
		}
	case string:
		if at, _, err := normalize.ParseTime(old); err == nil {
			later := strings.ToLower((at + 1e6).String())
			return []change{{(at + 1e6).String(), []string{later, strings.TrimSuffix(later, "z")}}}
		}
		marked := change{old + "qz7", []string{"qz7"}}
		if n := len(old); n > 0 { // keeps length and shape
			other := old[:n-1] + "e"
			if old[n-1] == 'e' {
				other = old[:n-1] + "f"
			}
			return []change{marked, {other, []string{strings.ToLower(other)}}}
		}
		return []change{marked}
	}
	return nil
}
