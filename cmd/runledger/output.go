package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
)

// column is one column of a table for people.
type column[T any] struct {
	name string
	cell func(T) string
}

// printRows prints answer, or only its rows, in the form people or programs
// asked for. Files have all fields, tables the columns that fit a screen.
func printRows[T any](c *cli, form string, answer any, rows []T, columns []column[T]) error {
	switch form {
	case "json":
		return printJSON(c.Stdout, answer)
	case "jsonl":
		enc := json.NewEncoder(c.Stdout)
		enc.SetEscapeHTML(false)
		for _, r := range rows {
			if err := enc.Encode(r); err != nil {
				return fmt.Errorf("write rows: %w", err)
			}
		}
		return nil
	case "table":
		return printTable(c.Stdout, rows, columns)
	default:
		return printDelimited(c.Stdout, form, rows)
	}
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}

func printTable[T any](w io.Writer, rows []T, columns []column[T]) error {
	if len(rows) == 0 {
		_, err := fmt.Fprintln(w, "nothing found")
		return err
	}
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Options = table.OptionsNoBordersAndSeparators
	t.Style().Box.PaddingLeft, t.Style().Box.PaddingRight = "", "  "
	header := table.Row{}
	for _, col := range columns {
		header = append(header, col.name)
	}
	t.AppendHeader(header)
	for _, r := range rows {
		row := table.Row{}
		for _, col := range columns {
			row = append(row, printable(col.cell(r)))
		}
		t.AppendRow(row)
	}
	for line := range strings.Lines(t.Render() + "\n") {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

// printable keeps what came from elsewhere from commanding the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || (r >= 0x7f && r < 0xa0) || (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) {
			return '\ufffd'
		}
		return r
	}, s)
}

// printDelimited prints one line for each row and one column for each field;
// fields of fields have names with dots, lists are JSON.
//
// csv and tsv leave every text as it is. csv-excel is for people who open it
// in a spreadsheet: with a byte order mark, and a text that would be taken for
// a formula begins with an apostrophe.
func printDelimited[T any](w io.Writer, form string, rows []T) error {
	out := csv.NewWriter(w)
	switch form {
	case "tsv":
		out.Comma = '\t'
	case "csv-excel":
		out.UseCRLF = true
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return fmt.Errorf("write rows: %w", err)
		}
	}
	header, _ := flatten("", reflect.New(reflect.TypeFor[T]()).Elem(), nil, nil)
	if err := out.Write(header); err != nil {
		return fmt.Errorf("write rows: %w", err)
	}
	for _, r := range rows {
		_, cells := flatten("", reflect.ValueOf(r), nil, nil)
		for i := range cells {
			if form == "csv-excel" && cells[i] != "" && strings.ContainsRune("=+-@\t\r", rune(cells[i][0])) && !number(cells[i]) {
				cells[i] = "'" + cells[i]
			}
		}
		if err := out.Write(cells); err != nil {
			return fmt.Errorf("write rows: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write rows: %w", err)
	}
	return nil
}

func number(s string) bool {
	var f float64
	n, err := fmt.Sscanf(s+" ", "%g ", &f)
	return n == 1 && err == nil && !strings.ContainsAny(s, " \t")
}

// flatten appends the names and texts of the fields of v.
func flatten(prefix string, v reflect.Value, names, cells []string) ([]string, []string) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" {
			if field.Anonymous {
				names, cells = flatten(prefix, v.Field(i), names, cells)
			}
			continue
		}
		kind := field.Type
		value := v.Field(i)
		if kind.Kind() == reflect.Pointer {
			kind = kind.Elem()
			if value.IsNil() {
				value = reflect.New(kind).Elem()
				if kind.Kind() != reflect.Struct || kind == reflect.TypeFor[time.Time]() {
					names, cells = append(names, prefix+name), append(cells, "")
					continue
				}
			} else {
				value = value.Elem()
			}
		}
		if kind.Kind() == reflect.Struct && kind != reflect.TypeFor[time.Time]() {
			names, cells = flatten(prefix+name+".", value, names, cells)
			continue
		}
		names, cells = append(names, prefix+name), append(cells, cellText(value))
	}
	return names, cells
}

func cellText(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case time.Time:
		if x.IsZero() {
			return ""
		}
		return x.Format(time.RFC3339Nano)
	case string:
		return x
	}
	if v.Kind() == reflect.Slice {
		if v.Len() == 0 {
			return ""
		}
		text, _ := json.Marshal(v.Interface()) // plain structs
		return string(text)
	}
	return fmt.Sprint(v.Interface())
}
