package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/formats"
)

type sourcesCmd struct {
	Name   string `arg:"" optional:"" help:"One source, in full."`
	Output string `short:"o" enum:"table,json" default:"table" help:"table or json."`
}

// sourceLine is what is told of a format.
type sourceLine struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Records []string `json:"records"` // the kinds it can make
	Version int64    `json:"version"` // of the mapping
	Ref     string   `json:"reference"`

	Facts   map[string]string `json:"facts,omitempty"`
	Mapping []formats.Member  `json:"mapping,omitempty"` // of one source

	facts [][2]string
}

func (s *sourcesCmd) Run(c *cli) error {
	list := formats.All()
	if s.Name != "" {
		f, err := formatNamed(s.Name)
		if err != nil {
			return err
		}
		list = []normalize.Format{*f}
	}
	lines := make([]sourceLine, len(list))
	for i, f := range list {
		lines[i] = sourceLine{Name: f.Name, Title: f.Title, Version: f.Version, Ref: f.Ref}
		for _, kind := range f.Emits {
			lines[i].Records = append(lines[i].Records, kind.String())
		}
	}
	if s.Name != "" {
		if err := lines[0].describe(&list[0]); err != nil {
			return err
		}
	}
	switch {
	case s.Output == "json":
		enc := json.NewEncoder(c.Stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(lines)
	case s.Name != "":
		return printSource(c, lines[0])
	default:
		return printSources(c, lines)
	}
}

// describe adds what is told of one source only.
func (l *sourceLine) describe(f *normalize.Format) (err error) {
	l.facts, l.Facts = formats.Facts(f), map[string]string{}
	for _, fact := range l.facts {
		l.Facts[fact[0]] = fact[1]
	}
	l.Mapping, err = formats.Mapping(f.Name)
	return err
}

func printSources(c *cli, lines []sourceLine) error {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{"source", "what it is", "records", "reference"})
	for _, l := range lines {
		t.AppendRow(table.Row{l.Name, l.Title, strings.Join(l.Records, " "), l.Ref})
	}
	_, err := fmt.Fprintln(c.Stdout, t.Render())
	return err
}

func printSource(c *cli, l sourceLine) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n\n", l.Name, l.Title)
	for _, fact := range append([][2]string{{"makes", strings.Join(l.Records, ", ")}}, l.facts...) {
		fmt.Fprintf(&b, "%-18s %s\n", strings.ToLower(fact[0]), wrapped(fact[1]))
	}
	fmt.Fprintf(&b, `%-18s version %d
reference          %s

try                runledger normalize --source %[4]s FILE
push               curl -H "Authorization: Bearer $RUNLEDGER_TOKEN" -H "Content-Type: application/json" --data-binary @FILE http://127.0.0.1:8080/v1/push/%[4]s
`, "mapping", l.Version, l.Ref, l.Name)
	printMapping(&b, l.Mapping)
	_, err := io.WriteString(c.Stdout, b.String())
	return err
}

// printMapping tells what becomes of each member of a payload.
func printMapping(b *strings.Builder, list []formats.Member) {
	if len(list) == 0 {
		return
	}
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{"member", "held by", "decides"})
	var kept []string
	for _, m := range list {
		if m.Kept() {
			kept = append(kept, m.Path)
			continue
		}
		t.AppendRow(table.Row{m.Path, strings.Join(m.To, " "), strings.Join(m.Decides, " ")})
	}
	fmt.Fprintf(b, "\n%s\n", t.Render())
	if len(kept) > 0 {
		fmt.Fprintf(b, "\nkept in unmapped   %s\n", wrapped(strings.Join(kept, ", ")))
	}
}

// wrapped breaks a fact into lines below one another.
func wrapped(s string) string {
	return strings.ReplaceAll(text.WrapSoft(s, 100), "\n", "\n"+strings.Repeat(" ", 19))
}
