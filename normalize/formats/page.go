package formats

import (
	"fmt"
	"slices"
	"strings"

	"github.com/runledger/runledger/normalize"
)

// Page returns the page of the documentation on all sources, in Markdown.
func Page() (string, error) {
	var b strings.Builder
	b.WriteString(`# Sources

What runledger reads, and what each source can and cannot tell. This page is generated: ` + "`make docs`" + ` writes it from the
formats in ` + "`normalize/`" + `. The mapping was observed: every member of every sample was changed, and what changed in the
records stands here. Members that are in no list are kept as they are in ` + "`unmapped`" + `.

| Source | What it is | Records |
|---|---|---|
`)
	for _, f := range All() {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", f.Name, anchor(f.Name), f.Title, kinds(&f))
	}
	for _, f := range All() {
		if err := section(&b, &f); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// anchor is the id that a heading gets.
func anchor(name string) string { return strings.ReplaceAll(name, ".", "") }

func kinds(f *normalize.Format) string {
	words := make([]string, len(f.Emits))
	for i, k := range f.Emits {
		words[i] = k.String()
	}
	return strings.Join(words, ", ")
}

func section(b *strings.Builder, f *normalize.Format) error {
	fmt.Fprintf(b, "\n## %s\n\n%s. Version %d of the mapping, [reference](%s).\n\n", f.Name, f.Title, f.Version, f.Ref)
	for _, line := range Facts(f) {
		fmt.Fprintf(b, "- **%s:** %s\n", line[0], line[1])
	}
	list, err := Mapping(f.Name)
	if err != nil || len(list) == 0 {
		return err
	}
	var kept []string
	b.WriteString("\n| Member | Held by | Decides |\n|---|---|---|\n")
	for _, m := range list {
		if m.Kept() {
			kept = append(kept, "`"+m.Path+"`")
			continue
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", m.Path, strings.Join(m.To, ", "), strings.Join(m.Decides, ", "))
	}
	if len(kept) > 0 {
		fmt.Fprintf(b, "\nKept in `unmapped`: %s.\n", strings.Join(kept, ", "))
	}
	return nil
}

// Kept reports whether no field but unmapped knows the member.
func (m *Member) Kept() bool {
	list := slices.Concat(m.To, m.Decides)
	return len(list) == 1 && list[0] == "unmapped"
}

// Facts returns what is told about a source in words: label and text of each.
func Facts(f *normalize.Format) [][2]string {
	var list [][2]string
	for _, fact := range [][2]string{
		{"Records", f.About.Records},
		{"Does not record", f.About.Cannot},
		{"Identity", f.About.Identity},
		{"Time", f.About.Time},
		{"Kept at the source", f.About.Retention},
	} {
		if fact[1] != "" {
			list = append(list, fact)
		}
	}
	return list
}
