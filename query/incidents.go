package query

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/runledger/runledger/query/wire"
)

const incidentsDefinition = "Incident = failures of one workflow, error fingerprint and target app with gaps under 1 h. " +
	"Detected = first alert, acknowledgement, report or diagnosis annotated on one of its runs; diagnosed = first annotation with a cause. " +
	"MTTD detect = mean of detected - first failure; diagnose = mean of diagnosed - detected; median and p90 by linear interpolation. " +
	"Undetected incidents are counted, not averaged."

// incidentRow is one row of incidents.sql.
type incidentRow struct {
	ID            string    `ch:"incident_id"`
	Source        string    `ch:"source"`
	WorkflowID    string    `ch:"workflow_id"`
	WorkflowName  string    `ch:"workflow_name"`
	TargetApp     string    `ch:"target_app"`
	Fingerprint   string    `ch:"error_fingerprint"`
	ErrorCategory string    `ch:"error_category"`
	ErrorMessage  string    `ch:"error_message"`
	Failed        time.Time `ch:"failed"`
	LastFailed    time.Time `ch:"last_failed"`
	Failures      uint64    `ch:"failures"`
	Runs          uint64    `ch:"runs"`
	RunIDs        []string  `ch:"run_ids"`
	FirstEventID  uuid.UUID `ch:"first_event_id"`
	Healed        bool      `ch:"healed"`
	IsDetected    bool      `ch:"is_detected"`
	Detected      time.Time `ch:"detected"`
	DetectedBy    string    `ch:"detected_by"`
	DetectedID    uuid.UUID `ch:"detected_event_id"`
	IsDiagnosed   bool      `ch:"is_diagnosed"`
	Diagnosed     time.Time `ch:"diagnosed"`
	Cause         string    `ch:"cause"`
	DiagnosisID   uuid.UUID `ch:"diagnosed_event_id"`
}

func (r *incidentRow) incident() wire.Incident {
	i := wire.Incident{
		IncidentID: r.ID, Source: r.Source, WorkflowID: r.WorkflowID, Workflow: firstOf(r.WorkflowName, r.WorkflowID),
		TargetApp: r.TargetApp, Fingerprint: r.Fingerprint, ErrorCategory: r.ErrorCategory, ErrorMessage: r.ErrorMessage,
		Failed: r.Failed.UTC(), LastFailed: r.LastFailed.UTC(), Failures: r.Failures, Runs: r.Runs, RunIDs: r.RunIDs,
		FirstEventID: r.FirstEventID.String(), Healed: r.Healed, Grade: "none",
	}
	if r.IsDetected {
		i.Detected, i.DetectedBy, i.DetectedEvent = known(r.Detected), r.DetectedBy, r.DetectedID.String()
		i.DetectSecs = seconds(r.Failed, r.Detected)
	}
	if r.IsDiagnosed {
		i.Diagnosed, i.Cause, i.DiagnosisID, i.Grade = known(r.Diagnosed), r.Cause, r.DiagnosisID.String(), "measured"
		i.DiagnoseSecs = seconds(r.Detected, r.Diagnosed)
	}
	return i
}

func seconds(from, to time.Time) *float64 {
	s := to.Sub(from).Seconds()
	return &s
}

// incidentRows is how many times Limits.Rows are read, since most of them are
// only counted.
const incidentRows = 10

// incidents reads all incidents of the scope.
func (a *ask) incidents(ctx context.Context, f wire.Filter) ([]incidentRow, error) {
	since := a.span.from.Add(-24 * time.Hour)
	if since.Before(earliest) {
		since = earliest
	}
	p, err := newPlan("incidents", "tenant", a.tenant, "from", a.span.from, "to", a.span.to, "since", since, "limit", incidentRows*a.limits.Rows+1)
	if err != nil {
		return nil, err
	}
	if err := p.filter(filters(f)); err != nil {
		return nil, err
	}
	var rows []incidentRow
	if err := a.read(ctx, &rows, p); err != nil {
		return nil, err
	}
	if len(rows) > incidentRows*a.limits.Rows {
		return nil, &Error{Reason: TooBig, Field: "from", Detail: fmt.Sprintf("has more than %d incidents; ask for a shorter time range", incidentRows*a.limits.Rows)}
	}
	a.meta.Definition = incidentsDefinition
	return rows, nil
}

// MTTD says how long failures went unnoticed and unexplained.
func (s *Server) MTTD(ctx context.Context, q wire.MTTDRequest) (*wire.MTTDAnswer, error) {
	a := s.ask("mttd", q.Scope)
	var m wire.MTTD
	err := a.answer(ctx, func(ctx context.Context) error {
		rows, err := a.incidents(ctx, q.Filter)
		m = sumUp(rows)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &wire.MTTDAnswer{Meta: a.meta, MTTD: m}, nil
}

func sumUp(rows []incidentRow) wire.MTTD {
	m := wire.MTTD{Incidents: uint64(len(rows))}
	var detect, diagnose, total []float64
	for i := range rows {
		r := &rows[i]
		switch {
		case r.IsDetected:
			m.Detected++
			detect = append(detect, r.Detected.Sub(r.Failed).Seconds())
		case r.Healed:
			m.SelfHealed++
		default:
			m.Undetected++
		}
		if !r.IsDiagnosed {
			m.Grade.None++
			continue
		}
		m.Diagnosed++
		m.Grade.Measured++
		diagnose = append(diagnose, r.Diagnosed.Sub(r.Detected).Seconds())
		total = append(total, r.Diagnosed.Sub(r.Failed).Seconds())
	}
	m.Measured = m.Detected > 0
	m.Detect, m.Diagnose, m.Total = summary(detect), summary(diagnose), summary(total)
	return m
}

// summary returns nil where there is nothing to sum up.
func summary(seconds []float64) *wire.Duration {
	if len(seconds) == 0 {
		return nil
	}
	slices.Sort(seconds)
	var sum float64
	for _, s := range seconds {
		sum += s
	}
	return &wire.Duration{
		N: uint64(len(seconds)), Mean: sum / float64(len(seconds)), Median: quantile(seconds, 0.5), P90: quantile(seconds, 0.9),
	}
}

// quantile interpolates between the two nearest of sorted.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	low := int(math.Floor(at))
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}

var hexKey = regexp.MustCompile(`^[0-9a-f]{1,16}$`)

// Incidents lists the incidents that MTTD is made of, the latest first. Its
// pages see what is known when each is asked for: detection moves on.
func (s *Server) Incidents(ctx context.Context, q wire.IncidentsRequest) (*wire.Answer[wire.Incident], error) {
	a := s.ask("incidents", q.Scope)
	out := []wire.Incident{}
	err := a.answer(ctx, func(ctx context.Context) error {
		l := list{key: hexKey, greatest: "ffffffffffffffff", asked: asked("incidents", a.tenant, q.Scope.From, q.Scope.To, q.Filter)}
		c, err := a.open(l, q.Cursor)
		if err != nil {
			return err
		}
		rows, err := a.incidents(ctx, q.Filter)
		if err != nil {
			return err
		}
		for i := range rows {
			r := &rows[i]
			if at := r.Failed.UnixMicro(); at > c.Time || (at == c.Time && r.ID >= c.Key && q.Cursor != "") {
				continue
			}
			if len(out) == q.Limit {
				last := out[len(out)-1]
				a.more(c, last.Failed, last.IncidentID)
				break
			}
			out = append(out, r.incident())
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &wire.Answer[wire.Incident]{Meta: a.meta, Rows: out}, nil
}
