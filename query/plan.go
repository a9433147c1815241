package query

import (
	"fmt"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"github.com/runledger/runledger/sql"
)

// plan is one statement and its parameters: a file of package sql, whose slots
// are filled from the closed lists of fields.go, and values that travel beside it.
type plan struct {
	name   string
	text   string
	params map[string]any
}

// newPlan takes queries/<name>.sql; params are name and value in turn.
func newPlan(name string, params ...any) (*plan, error) {
	text, err := sql.Query(name)
	if err != nil {
		return nil, err
	}
	p := &plan{name: name, text: text, params: map[string]any{}}
	for i := 0; i+1 < len(params); i += 2 {
		p.params[params[i].(string)] = params[i+1]
	}
	return p, nil
}

// fill puts text into the slot of that name, instead of its neutral value.
func (p *plan) fill(slot, neutral, text string) error {
	marker := neutral + " /*slot:" + slot + "*/"
	if strings.Count(p.text, marker) != 1 {
		return fmt.Errorf("query %s: no slot %q", p.name, slot)
	}
	p.text = strings.Replace(p.text, marker, text, 1)
	return nil
}

// filter fills the filter slot with all of c.
func (p *plan) filter(c conditions) error {
	if len(c) == 0 {
		return nil
	}
	texts := make([]string, len(c))
	for i, one := range c {
		texts[i] = one.sql
		if one.name != "" {
			p.params[one.name] = one.value
		}
	}
	return p.fill("filter", "1", strings.Join(texts, "\n    AND "))
}

// args returns the parameters as the client wants them.
func (p *plan) args() []any {
	args := make([]any, 0, len(p.params))
	for name, value := range p.params {
		if t, ok := value.(time.Time); ok {
			value = t.UTC().Format("2006-01-02 15:04:05.000000")
		}
		args = append(args, clickhouse.Named(name, value))
	}
	return args
}
