package entralifecycle

import (
	"strings"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// result holds the members of a run or of a result of it.
type result struct {
	id, status, execution, version                  string
	typ, failure, info                              string
	scheduled, created, started, completed, updated jsonx.Value
	failedUsers, okUsers, totalUsers                count
	failedTasks, totalTasks, unprocessedTasks       count
	subject, task, users, tasks, reprocessed        jsonx.Value
	cut                                             bool // a list inside has a next page
}

// count is a number of users or tasks that may not be told.
type count struct {
	n    int64
	told bool
}

//nolint:gocyclo // one flat switch over the members
func read(c *normalize.Context, v jsonx.Value) (x result) {
	for m := v.First(); m.Exists(); m = m.Next() {
		switch key := m.Key(); key {
		case "id":
			text(c, &x.id, "", m)
		case "processingStatus":
			text(c, &x.status, "", m)
		case "workflowExecutionType":
			text(c, &x.execution, "", m)
		case "workflowVersion":
			text(c, &x.version, "", m)
		case "failureReason":
			text(c, &x.failure, "", m)
		case "processingInfo":
			text(c, &x.info, "", m)
		case "scheduledDateTime":
			x.scheduled = m
		case "createdDateTime":
			x.created = m
		case "startedDateTime":
			x.started = m
		case "completedDateTime":
			x.completed = m
		case "lastUpdatedDateTime":
			x.updated = m
		case "failedUsersCount":
			x.failedUsers.read(c, m)
		case "successfulUsersCount":
			x.okUsers.read(c, m)
		case "totalUsersCount":
			x.totalUsers.read(c, m)
		case "failedTasksCount":
			x.failedTasks.read(c, m)
		case "totalTasksCount", "totalTasksCounts": // documented as one, sent as the other
			x.totalTasks.read(c, m)
		case "totalUnprocessedTasksCount":
			x.unprocessedTasks.read(c, m)
		case "subject":
			x.subject = object(c, m)
		case "task":
			x.task = object(c, m)
		case "userProcessingResults":
			x.users = array(c, m)
		case "taskProcessingResults":
			x.tasks = array(c, m)
		case "reprocessedRuns":
			x.reprocessed = array(c, m)
		case "@odata.type":
			x.typ = m.Str()[strings.LastIndexByte(m.Str(), '.')+1:]
		default:
			x.cut = x.cut || strings.HasSuffix(key, "ProcessingResults@odata.nextLink")
			if !strings.HasSuffix(key, "@odata.context") {
				c.Keep(m)
			}
		}
	}
	return x
}

// read takes a number in, also one in a text, and keeps it: the counts of
// Record.Counts are of users in a run and of tasks in the result of a user.
func (n *count) read(c *normalize.Context, m jsonx.Value) {
	n.n, n.told = m.Int()
	c.Keep(m)
}

func text(c *normalize.Context, dst *string, parent string, m jsonx.Value) {
	if k := m.Kind(); k == jsonx.Object || k == jsonx.Array {
		c.KeepIn(parent, m)
		return
	}
	*dst = m.Text()
}

func object(c *normalize.Context, m jsonx.Value) jsonx.Value {
	if m.Kind() != jsonx.Object {
		c.Keep(m)
		return jsonx.Value{}
	}
	return m
}

func array(c *normalize.Context, m jsonx.Value) jsonx.Value {
	if m.Kind() != jsonx.Array {
		c.Keep(m)
		return jsonx.Value{}
	}
	return m
}

// time reads a time, of which the first day of the year 1 means that there is
// none yet.
func (x *result) time(c *normalize.Context, v jsonx.Value) (normalize.Micros, error) {
	if strings.HasPrefix(v.Str(), "0001-01-01") {
		return 0, nil
	}
	at, _, err := c.Time(v)
	return at, err
}

// setTimes takes the end of what has ended as the time of the event, and the
// last thing known of all else. A run is updated minutes after its end.
func (x *result) setTimes(c *normalize.Context, r *normalize.Record) (err error) {
	for _, t := range [...]struct {
		dst *normalize.Micros
		v   jsonx.Value
	}{
		{&r.ScheduledTime, x.scheduled},
		{&r.CreatedTime, x.created},
		{&r.StartedTime, x.started},
		{&r.EndedTime, x.completed},
		{&r.UpdatedTime, x.updated},
	} {
		if *t.dst, err = x.time(c, t.v); err != nil {
			return err
		}
	}
	for _, v := range [...]jsonx.Value{x.completed, x.updated, x.started, x.created, x.scheduled} {
		at, err := x.time(c, v)
		if err != nil {
			return err
		}
		if at == 0 {
			continue
		}
		if r.EventTime == 0 {
			if err := c.EventTime(r, v); err != nil {
				return err
			}
		}
		r.UpdatedTime = max(r.UpdatedTime, at)
	}
	return nil
}
