package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

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
	_, err := fmt.Fprintf(c.Stdout, `%s  %s

records    %s
mapping    version %d
reference  %s

try        runledger normalize --source %[1]s FILE
push       curl -H "Authorization: Bearer $RUNLEDGER_TOKEN" -H "Content-Type: application/json" --data-binary @FILE http://127.0.0.1:8080/v1/push/%[1]s
`, l.Name, l.Title, strings.Join(l.Records, " "), l.Version, l.Ref)
	return err
}
