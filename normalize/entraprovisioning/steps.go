package entraprovisioning

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// evidence is what the steps say about the summary they are part of.
type evidence struct {
	log          string
	failed       string // description of the first step that failed
	exportFailed bool
	succeeded    bool // a step that exports did
	skipped      bool
	unscoped     bool // the scoping step let it go
	skipReason   string
	export       string // entryExportStatus
}

// step is one of provisioningSteps.
type step struct {
	name, kind, status, text string
	details                  jsonx.Value
}

func (s *summary) readSteps(c *normalize.Context) (e evidence) {
	if s.steps.Len() == 0 {
		return e
	}
	e.log = c.Write(func(dst []byte) []byte {
		dst = append(dst, '[')
		for v := s.steps.First(); v.Exists(); v = v.Next() {
			if dst[len(dst)-1] != '[' {
				dst = append(dst, ',')
			}
			var st step
			dst = st.append(c, dst, v)
			e.add(&st)
		}
		return append(dst, ']')
	})
	return e
}

// append writes v with the names of Record.StepLog and reads it into st.
func (st *step) append(c *normalize.Context, dst []byte, v jsonx.Value) []byte {
	dst = append(dst, '{')
	if v.Kind() != jsonx.Object {
		return append(c.AppendInner(append(dst, `"text":`...), "text", v), '}')
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		if m.IsNull() || m.Kind() == jsonx.Object && m.Len() == 0 {
			continue
		}
		switch m.Key() {
		case "name", "Name":
			st.name = m.Text()
			dst = c.AppendMasked(label(dst, "name"), "name", m)
		case "description", "Description":
			st.text = m.Text()
			dst = c.AppendMasked(label(dst, "text"), "text", m)
		case "provisioningStepType", "ProvisioningStepType":
			st.kind = stepType(m.Text())
			dst = word(c, label(dst, "type"), st.kind, m)
		case "status", "Status":
			st.status = stepStatus(m.Text())
			dst = word(c, label(dst, "status"), st.status, m)
		case "details", "Details":
			st.details = normalize.Inner(m)
			dst = c.AppendInner(label(dst, "details"), "details", m)
		default:
			dst = c.AppendInner(label(dst, m.Key()), m.Key(), m)
		}
	}
	return append(dst, '}')
}

func label(dst []byte, name string) []byte {
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	return append(normalize.AppendString(dst, name), ':')
}

// word appends the name of what m holds, or m itself if it has none.
func word(c *normalize.Context, dst []byte, name string, m jsonx.Value) []byte {
	if name == "" {
		return c.AppendInner(dst, m.Key(), m)
	}
	return normalize.AppendString(dst, name)
}

// stepType returns the name of a step type that came as a number.
func stepType(native string) string {
	numbers := [...]string{"import", "scoping", "matching", "processing", "referenceResolution", "export"}
	if len(native) == 1 && int(native[0]-'0') < len(numbers) {
		return numbers[native[0]-'0']
	}
	return native
}

// stepStatus returns the word for a status that came as a number.
func stepStatus(native string) string {
	numbers := [...]string{"success", "failure", "skipped", "warning"}
	if len(native) == 1 && int(native[0]-'0') < len(numbers) {
		return numbers[native[0]-'0']
	}
	return native
}

func (e *evidence) add(st *step) {
	e.readDetails(st.details)
	switch outcome := statusOf(st.status).Outcome; {
	case outcome == model.Failure && e.failed == "":
		e.failed = st.text
		if e.failed == "" {
			e.failed = st.name
		}
		e.exportFailed = strings.EqualFold(st.kind, "export")
	case outcome == model.Skipped:
		e.skipped = true
		e.unscoped = e.unscoped || strings.EqualFold(st.kind, "scoping")
	case outcome == model.Success && strings.EqualFold(st.kind, "export"):
		e.succeeded = true
	}
}

func (e *evidence) readDetails(v jsonx.Value) {
	if v.Kind() != jsonx.Object {
		return
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "SkipReason", "skipReason":
			e.skipReason = m.Text()
		case "EntryExportStatus", "entryExportStatus":
			e.export = m.Text()
		}
	}
}

// outcome is what the steps prove, or "" if they prove nothing.
func (e *evidence) outcome() model.Outcome {
	switch {
	case e.failed != "":
		return model.Failure
	case e.skipped && !e.succeeded:
		return model.Skipped
	case e.succeeded:
		return model.Success
	default:
		return ""
	}
}
