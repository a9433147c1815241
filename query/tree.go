package query

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/query/wire"
)

// subjectRow is one row of run_subjects.sql.
type subjectRow struct {
	Time    time.Time `ch:"event_time"`
	ID      string    `ch:"subject_id"`
	Name    string    `ch:"subject_name"`
	Email   string    `ch:"subject_email"`
	State   string    `ch:"state"`
	Outcome string    `ch:"outcome"`
}

// actionRow is one row of run_actions.sql or action_rows.sql.
type actionRow struct {
	Key          uint64    `ch:"action_key"`
	EventID      uuid.UUID `ch:"event_id"`
	Time         time.Time `ch:"event_time"`
	Started      time.Time `ch:"started_time"`
	Ended        time.Time `ch:"ended_time"`
	Attempt      uint16    `ch:"attempt"`
	State        string    `ch:"state"`
	Outcome      string    `ch:"outcome"`
	StatusNative string    `ch:"status_native"`
	StatusReason string    `ch:"status_reason"`
	WaitReason   string    `ch:"wait_reason"`
	ActorType    string    `ch:"actor_type"`
	ActorID      string    `ch:"actor_id"`
	ActorName    string    `ch:"actor_name"`
	ActorEmail   string    `ch:"actor_email"`
	SubjectID    string    `ch:"subject_id"`
	SubjectName  string    `ch:"subject_name"`
	SubjectEmail string    `ch:"subject_email"`
	TargetApp    string    `ch:"target_app"`
	TargetAppID  string    `ch:"target_app_id"`
	ObjectType   string    `ch:"object_type"`
	ObjectID     string    `ch:"object_id"`
	ObjectName   string    `ch:"object_name"`
	ActionID     string    `ch:"action_id"`
	ActionName   string    `ch:"action_name"`
	Sequence     uint32    `ch:"sequence"`
	TaskType     string    `ch:"task_type"`
	Operation    string    `ch:"operation"`
	Effect       string    `ch:"effect"`
	RetryState   string    `ch:"retry_state"`
	ProviderRef  string    `ch:"provider_ref"`
	ResponseCode string    `ch:"response_code"`
	errorColumns
	Resolution    string `ch:"resolution"`
	ManualTaskID  string `ch:"manual_task_id"`
	StepLog       string `ch:"step_log"`
	Changes       string `ch:"changes"`
	Synthetic     bool   `ch:"synthetic"`
	CorrelationID string `ch:"correlation_id"`
	RunID         string `ch:"run_id"`
	Source        string `ch:"source"`
	WorkflowID    string `ch:"workflow_id"`
	WorkflowName  string `ch:"workflow_name"`
}

func (r *actionRow) attempt() wire.Attempt {
	t := wire.Attempt{
		EventID: r.EventID.String(), Attempt: r.Attempt, Time: r.Time.UTC(), Started: known(r.Started), Ended: known(r.Ended),
		State: r.State, Outcome: r.Outcome, StatusNative: r.StatusNative, StatusReason: r.StatusReason, WaitReason: r.WaitReason,
		Effect: r.Effect, RetryState: r.RetryState, ResponseCode: r.ResponseCode, Resolution: r.Resolution,
		ManualTaskID: r.ManualTaskID, ProviderRef: r.ProviderRef, Error: r.error(), Synthetic: r.Synthetic,
		Actor: actor(r.ActorType, r.ActorID, r.ActorName, r.ActorEmail), CorrelationID: r.CorrelationID,
	}
	t.DurationMS = between(t.Started, t.Ended)
	// What is not in the form of our own normalisers stays where it is stored.
	_ = json.Unmarshal([]byte(r.StepLog), &t.StepLog)
	_ = json.Unmarshal([]byte(r.Changes), &t.Changes)
	return t
}

func (r *actionRow) action() wire.Action {
	return wire.Action{
		ActionID: r.ActionID, Name: r.ActionName, Sequence: r.Sequence, TaskType: r.TaskType, Operation: r.Operation,
		ObjectType: r.ObjectType, ObjectID: r.ObjectID, ObjectName: r.ObjectName, State: r.State, Outcome: r.Outcome,
	}
}

// buildTree sorts actions under their subjects and applications. Each level
// carries the roll-up of the last attempts below it.
func buildTree(subjects []subjectRow, rows []actionRow) []wire.Subject {
	slices.SortStableFunc(rows, func(x, y actionRow) int {
		return cmp.Or(cmp.Compare(x.Sequence, y.Sequence), x.Time.Compare(y.Time), cmp.Compare(x.Key, y.Key), cmp.Compare(x.Attempt, y.Attempt))
	})
	slices.SortStableFunc(subjects, func(x, y subjectRow) int {
		return cmp.Or(x.Time.Compare(y.Time), cmp.Compare(x.Email, y.Email), cmp.Compare(x.ID, y.ID))
	})
	t := tree{subjects: map[string]int{}, actions: map[uint64]*wire.Action{}}
	for _, s := range subjects {
		at := t.subject(s.ID, s.Name, s.Email)
		if s.State != "" {
			t.list[at].Native = &wire.Derived{State: s.State, Outcome: s.Outcome}
		}
	}
	for i := range rows {
		t.add(&rows[i])
	}
	t.rollUp()
	return t.list
}

type tree struct {
	list     []wire.Subject
	subjects map[string]int // by whom: place in list
	actions  map[uint64]*wire.Action
	order    []placed
}

// placed says where an action belongs.
type placed struct {
	subject, app int
	action       *wire.Action
}

func (t *tree) subject(id, name, email string) int {
	who := firstOf(email, id, name)
	at, ok := t.subjects[who]
	if !ok {
		at = len(t.list)
		t.subjects[who] = at
		t.list = append(t.list, wire.Subject{ID: id, Name: name, Email: email, Apps: []wire.App{}})
	}
	s := &t.list[at]
	s.ID, s.Name, s.Email = firstOf(s.ID, id), firstOf(s.Name, name), firstOf(s.Email, email)
	return at
}

func (t *tree) app(subject int, name, id string) int {
	s := &t.list[subject]
	for i := range s.Apps {
		if s.Apps[i].Name == name && (s.Apps[i].ID == id || id == "") {
			return i
		}
	}
	s.Apps = append(s.Apps, wire.App{Name: name, ID: id})
	return len(s.Apps) - 1
}

func (t *tree) add(r *actionRow) {
	action := t.actions[r.Key]
	if action == nil {
		a := r.action()
		action = &a
		subject := t.subject(r.SubjectID, r.SubjectName, r.SubjectEmail)
		t.actions[r.Key] = action
		t.order = append(t.order, placed{subject, t.app(subject, r.TargetApp, r.TargetAppID), action})
	}
	action.Attempts = append(action.Attempts, r.attempt())
	slices.SortFunc(action.Attempts, func(x, y wire.Attempt) int { return cmp.Compare(x.Attempt, y.Attempt) })
	last := action.Attempts[len(action.Attempts)-1]
	action.State, action.Outcome = last.State, last.Outcome
}

func (t *tree) rollUp() {
	for _, p := range t.order {
		app := &t.list[p.subject].Apps[p.app]
		app.Actions = append(app.Actions, *p.action)
	}
	for i := range t.list {
		var all []model.Child
		for j := range t.list[i].Apps {
			app := &t.list[i].Apps[j]
			var children []model.Child
			for _, action := range app.Actions {
				children = append(children, model.Child{State: model.State(action.State), Outcome: model.Outcome(action.Outcome)})
			}
			status := model.Rollup(children)
			app.Derived = derived(status)
			all = append(all, model.Child{State: status.State, Outcome: status.Outcome})
		}
		t.list[i].Derived = derived(model.Rollup(all))
	}
}

// detail is one run, whose list columns are told by the tree below it, as
// run_children.sql, run_people.sql and run_archived.sql tell those of a page.
type detail struct{ *wire.RunDetail }

func (d detail) fromTree(rows []actionRow) {
	var c childRow
	var firstFailed wire.FirstFailed
	var people []string
	for _, s := range d.SubjectTree {
		for _, app := range s.Apps {
			for i := range app.Actions {
				c.add(&app.Actions[i])
				if f, ok := failedFirst(&app, &app.Actions[i]); ok && (firstFailed.Time.IsZero() || f.Time.Before(firstFailed.Time)) {
					firstFailed = f
				}
			}
		}
		if who := firstOf(s.Email, s.Name, s.ID); who != "" {
			people = append(people, who)
		}
	}
	if len(people) > 0 {
		d.Subjects, d.FirstSubject = uint64(len(people)), people[0]
	}
	if c.Total > 0 {
		c.addTo(&d.Run)
	}
	if !firstFailed.Time.IsZero() {
		d.FirstFailed = &firstFailed
	}
	for _, a := range d.Annotations { // in the order of time
		switch a.Annotation {
		case "archive":
			d.Archived = true
		case "unarchive":
			d.Archived = false
		}
	}
	if len(rows) > 0 && d.Workflow == "" {
		d.WorkflowID = rows[0].WorkflowID
		d.Workflow = firstOf(rows[0].WorkflowName, rows[0].WorkflowID)
	}
}

func failedFirst(app *wire.App, a *wire.Action) (wire.FirstFailed, bool) {
	if a.State != string(model.Terminal) || !model.Outcome(a.Outcome).FailedStrict() {
		return wire.FirstFailed{}, false
	}
	last := a.Attempts[len(a.Attempts)-1]
	f := wire.FirstFailed{Name: a.Name, App: app.Name, Time: last.Time}
	if last.Error != nil {
		f.Error, f.ErrorCode = last.Error.Message, last.Error.Code
	}
	return f, true
}

// add counts a by its last attempt.
func (c *childRow) add(a *wire.Action) {
	c.Total++
	c.Attempts += uint64(len(a.Attempts))
	c.Statuses = append(c.Statuses, a.State+"/"+a.Outcome)
	switch outcome := model.Outcome(a.Outcome); {
	case a.State != string(model.Terminal):
		if a.State != "" && a.State != string(model.UnknownState) {
			c.Live++
		}
	case outcome == model.Success:
		c.Success++
	case outcome.FailedStrict():
		c.Failed++
	case outcome == model.Cancelled:
		c.Cancelled++
	case outcome == model.Skipped:
		c.Skipped++
	}
}
