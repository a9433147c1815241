package query

import "github.com/runledger/runledger/query/wire"

// condition is a piece of SQL that a filter may put into a slot, and the value
// of its parameter. The texts below are all there are; nothing of a request
// becomes text.
type condition struct {
	sql   string
	name  string
	value any
}

// conditions is what the filters of a question come to.
type conditions []condition

func (c *conditions) text(sql, name, value string) {
	if value != "" {
		*c = append(*c, condition{sql, name, value})
	}
}

func (c *conditions) list(sql, name string, values []string) {
	if len(values) > 0 {
		*c = append(*c, condition{sql, name, values})
	}
}

func filters(f wire.Filter) conditions {
	var c conditions
	c.text("source = {source:String}", "source", f.Source)
	c.text("(workflow_id = {workflow:String} OR workflow_name = {workflow:String})", "workflow", f.Workflow)
	c.text("(target_app = {target_app:String} OR target_app_id = {target_app:String})", "target_app", f.TargetApp)
	c.text("error_category = {error_category:String}", "error_category", f.ErrorCategory)
	c.text("error_class = {error_class:String}", "error_class", f.ErrorClass)
	c.text("error_fingerprint = {error_fingerprint:String}", "error_fingerprint", f.Fingerprint)
	return c
}

// undecided is a run whose status the source leaves to its actions. A list by
// status takes it in and looks at its actions afterwards.
const undecided = "(state IN ('', 'unknown') AND outcome_derived = '')"

func runFilters(q wire.RunsRequest) conditions {
	c := filters(q.Filter)
	c.list("(has({state:Array(String)}, if(state IN ('', 'unknown') AND outcome_derived != '', 'terminal', state)) OR "+undecided+")", "state", q.State)
	c.list("(has({outcome:Array(String)}, if(outcome = '', outcome_derived, outcome)) OR "+undecided+")", "outcome", q.Outcome)
	c.text("run_id = {run_id:String}", "run_id", q.RunID)
	c.text("trigger_kind = {trigger:String}", "trigger", q.Trigger)
	c.text(runsOfPerson, "person", q.Person)
	switch q.Archived {
	case "yes":
		c = append(c, condition{sql: "run_key IN " + archived})
	case "no":
		c = append(c, condition{sql: "run_key NOT IN " + archived})
	}
	return c
}

const isPerson = `(subject_id = {person:String} OR subject_name = {person:String} OR lower(subject_email) = lower({person:String})
            OR actor_id = {person:String} OR actor_name = {person:String} OR lower(actor_email) = lower({person:String}))`

const inSlice = `tenant_id = {tenant:String}
            AND event_time >= {since:DateTime64(6, 'UTC')} AND event_time < {to:DateTime64(6, 'UTC')}
            AND processed_time <= {as_of:DateTime64(6, 'UTC')}`

const runsOfPerson = `run_key IN
    (
        SELECT run_key FROM runs WHERE ` + inSlice + ` AND ` + isPerson + `
        UNION ALL
        SELECT run_key FROM subjects WHERE ` + inSlice + ` AND ` + isPerson + `
        UNION ALL
        SELECT run_key FROM actions WHERE ` + inSlice + ` AND ` + isPerson + `
    )`

const archived = `
    (
        SELECT run_key FROM audits
        WHERE tenant_id = {tenant:String} AND event_time >= {since:DateTime64(6, 'UTC')} AND processed_time <= {as_of:DateTime64(6, 'UTC')}
            AND change_kind = 'annotation' AND annotation IN ('archive', 'unarchive')
        GROUP BY run_key
        HAVING argMax(annotation, tuple(event_time, revision)) = 'archive'
    )`

func actionFilters(q wire.ActionsRequest) conditions {
	c := filters(q.Filter)
	c.list("has({state:Array(String)}, state)", "state", q.State)
	c.list("has({outcome:Array(String)}, outcome)", "outcome", q.Outcome)
	c.text("run_id = {run_id:String}", "run_id", q.RunID)
	c.text("action_name = {action:String}", "action", q.Action)
	c.text("task_type = {task_type:String}", "task_type", q.TaskType)
	c.text(`action_key IN (SELECT action_key FROM actions WHERE `+inSlice+` AND `+isPerson+`)`, "person", q.Person)
	return c
}

// groupings are the columns a trend may be split by.
var groupings = map[string]string{
	"":               "''",
	"source":         "source",
	"workflow":       "if(workflow_name = '', workflow_id, workflow_name)",
	"target_app":     "target_app",
	"error_category": "error_category",
}
