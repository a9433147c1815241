package entraprovisioning

import (
	"strings"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// read takes the members of v in. Graph writes them in camel case, the table in
// Pascal case; Azure Monitor puts those of Graph under properties.
//
//nolint:gocyclo // one flat switch over the members
func (s *summary) read(c *normalize.Context, parent string, v jsonx.Value) {
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "properties":
			inner := normalize.Inner(m)
			if parent != "" || inner.Kind() != jsonx.Object {
				keep(c, parent, m, inner)
				continue
			}
			s.body = inner
			s.read(c, "properties", inner)
		case "id", "Id":
			text(c, &s.id, parent, m)
		case "time", "TimeGenerated":
			s.recorded = m
		case "activityDateTime", "ActivityDateTime":
			s.at = m
		case "durationInMilliseconds", "durationMs", "DurationMs", "DurationInMilliseconds":
			if _, ok := s.duration.Int(); !ok {
				s.duration = m
			}
			c.KeepIn(parent, m)
		case "jobId", "JobId":
			text(c, &s.job, parent, m)
		case "cycleId", "CycleId":
			text(c, &s.cycle, parent, m)
		case "changeId", "ChangeId":
			text(c, &s.change, parent, m)
		case "correlationId", "CorrelationId":
			text(c, &s.correlation, parent, m)
		case "category", "Category":
			text(c, &s.category, parent, m)
		case "operationName", "OperationName":
			text(c, &s.operation, parent, m)
		case "provisioningAction", "ProvisioningAction", "action", "Action":
			text(c, &s.action, parent, m)
		case "resultType", "ResultType":
			text(c, &s.result, parent, m)
			c.KeepIn(parent, m)
		case "provisioningStatusInfo", "ProvisioningStatusInfo", "statusInfo", "StatusInfo":
			s.readStatus(c, m)
		case "status", "Status":
			text(c, &s.outer, parent, m)
			c.KeepIn(parent, m)
		case "provisioningSteps", "ProvisioningSteps":
			s.steps = array(c, parent, m)
		case "modifiedProperties", "ModifiedProperties":
			if s.properties = normalize.Inner(m); s.properties.Kind() != jsonx.Object {
				s.properties = array(c, parent, m)
			}
		default:
			s.readParty(c, parent, m)
		}
	}
}

func (s *summary) readParty(c *normalize.Context, parent string, m jsonx.Value) {
	switch m.Key() {
	case "initiatedBy", "InitiatedBy":
		s.initiator.read(c, "initiatedBy", m)
	case "servicePrincipal", "ServicePrincipal":
		s.app.read(c, "servicePrincipal", m)
	case "sourceSystem", "SourceSystem":
		s.source.read(c, "sourceSystem", m)
	case "targetSystem", "TargetSystem":
		s.target.read(c, "targetSystem", m)
	case "sourceIdentity", "SourceIdentity":
		s.subject.read(c, "sourceIdentity", m)
	case "targetIdentity", "TargetIdentity":
		s.object.read(c, "targetIdentity", m)
	default:
		keep(c, parent, m, normalize.Inner(m))
	}
}

// readStatus reads provisioningStatusInfo, in which older versions have the
// members of errorInformation too.
func (s *summary) readStatus(c *normalize.Context, m jsonx.Value) {
	v := normalize.Inner(m)
	if v.Kind() != jsonx.Object {
		if s.status = v.Text(); s.status == "" {
			keep(c, "", m, v)
		}
		return
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "status", "Status":
			text(c, &s.status, "provisioningStatusInfo", m)
		case "errorInformation", "ErrorInformation":
			s.readFault(c, normalize.Inner(m))
		default:
			s.readFaultMember(c, "provisioningStatusInfo", m)
		}
	}
}

func (s *summary) readFault(c *normalize.Context, v jsonx.Value) {
	if v.Kind() != jsonx.Object {
		if t := v.Text(); strings.Contains(t, " ") {
			s.fault.reason = t
		} else {
			s.fault.code = t
		}
		return
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		s.readFaultMember(c, "errorInformation", m)
	}
}

func (s *summary) readFaultMember(c *normalize.Context, parent string, m jsonx.Value) {
	switch m.Key() {
	case "errorCode", "ErrorCode":
		text(c, &s.fault.code, parent, m)
	case "reason", "Reason":
		text(c, &s.fault.reason, parent, m)
	case "errorCategory", "ErrorCategory":
		text(c, &s.fault.category, parent, m)
	default:
		keep(c, parent, m, normalize.Inner(m))
	}
}

// readChanges remembers modifiedProperties, or one that came without a list.
func (s *summary) readChanges(c *normalize.Context) {
	if s.properties.Kind() == jsonx.Object {
		readChange(c, s.properties)
		return
	}
	for p := s.properties.First(); p.Exists(); p = p.Next() {
		if p.Kind() != jsonx.Object {
			c.KeepAs("modifiedProperties", "", p)
		}
		readChange(c, p)
	}
}

// readChange remembers a property, whose values may be JSON in a text.
func readChange(c *normalize.Context, p jsonx.Value) {
	var name string
	var from, to jsonx.Value
	for m := p.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "displayName", "DisplayName", "name", "Name", "PropertyName":
			text(c, &name, "modifiedProperties", m)
		case "oldValue", "OldValue":
			from = m
		case "newValue", "NewValue":
			to = m
		default:
			c.KeepIn("modifiedProperties", m)
		}
	}
	c.Change(name, inner(c, name, from), inner(c, name, to))
}

// inner returns the JSON in v. What looks like JSON and is none could not be
// masked and is withheld.
func inner(c *normalize.Context, name string, v jsonx.Value) jsonx.Value {
	if v.IsNull() {
		return jsonx.Value{}
	}
	in := normalize.Inner(v)
	if v.Exists() && !in.Exists() {
		withhold(c, "modifiedProperties", name)
	}
	return in
}

// text takes a scalar in; what has another type than it should is kept, and a
// null leaves dst as it was.
func text(c *normalize.Context, dst *string, parent string, m jsonx.Value) {
	if t := m.Text(); t != "" {
		*dst = t
		return
	}
	if k := m.Kind(); k == jsonx.Object || k == jsonx.Array {
		c.KeepIn(parent, m)
	}
}

func array(c *normalize.Context, parent string, m jsonx.Value) jsonx.Value {
	v := normalize.Inner(m)
	if v.Kind() == jsonx.Array {
		return v
	}
	keep(c, parent, m, v)
	return jsonx.Value{}
}

// keep keeps what stands in m, the JSON of a text without its quotes.
func keep(c *normalize.Context, parent string, m, inner jsonx.Value) {
	switch {
	case !inner.Exists():
		withhold(c, parent, m.Key())
	case inner.Kind() == jsonx.String && inner.Str() == "":
	case (inner.Kind() == jsonx.Object || inner.Kind() == jsonx.Array) && inner.Len() == 0:
	default:
		c.KeepAs(parent, m.Key(), inner)
	}
}

// withhold notes that a text was left out: JSON that is torn cannot be masked.
// A key may be data of the source, so the note is about what it stands in.
func withhold(c *normalize.Context, parent, key string) {
	about := parent
	if about == "" {
		about = key
	}
	c.Write(func(dst []byte) []byte { return c.AppendWithheld(dst, about) })
	c.KeepText(parent, key, normalize.Masked)
}
