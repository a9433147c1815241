package zluri

import (
	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

func (m *mapper) writeAction(p *person, a *attempt) error {
	r := m.record(normalize.KindAction)
	m.subject(r, p)
	r.NativeID = m.c.Concat(r.RunID, "/", p.email, "/", a.appName, "/", a.id)
	r.TargetApp, r.TargetAppID = a.appName, a.app.Get("id").Text()
	r.ActionID, r.ActionName = a.id, a.v.Get("name").Text()
	r.Attempt, r.Sequence = a.number, a.order
	r.Synthetic = !a.v.Exists()
	r.TaskType = taskType(r.ActionName)
	r.StatusNative, r.State, r.Outcome, r.WaitReason = a.native, a.status.State, a.status.Outcome, a.wait
	r.StartedTime, r.EndedTime = a.started.at, a.ended.at
	sent := stamp{m.event.Time, m.event.TimeText}
	r.UpdatedTime = a.last.or(sent).at
	happened := a.last.or(sent).or(m.runOn)
	if r.State == model.Terminal {
		happened = a.ended.or(happened)
	}
	r.EventTime, r.EventTimeNative = happened.at, happened.text
	return m.details(r, a)
}

// details fills in what an action says about its work.
func (m *mapper) details(r *normalize.Record, a *attempt) error {
	response, err := member(a.v, "app_response", jsonx.Object, "an object")
	if err != nil {
		return err
	}
	trouble, err := member(a.v, "error", jsonx.Object, "an object")
	if err != nil {
		return err
	}
	task, err := member(a.v, "manual_task", jsonx.Object, "an object")
	if err != nil {
		return err
	}
	r.ResponseCode = response.Get("code").Text()
	classify(r, trouble, response)
	if task.Exists() {
		r.ManualTaskID = task.Get("id").Text()
		if r.Outcome == model.Success {
			r.Resolution = "manual"
		}
	}
	r.StepLog = m.stepLog(a.v.Get("log"))
	r.Payload = m.payload(a.v.Get("configured_parameters"), response)
	m.keepAction(a, trouble)
	r.Unmapped = m.c.Kept()
	return nil
}

func (m *mapper) keepAction(a *attempt, trouble jsonx.Value) {
	for v := a.v.First(); v.Exists(); v = v.Next() {
		switch v.Key() {
		case "log", "configured_parameters", "app_response", "error":
		case "action_id", "name", "status", "wait_reason", "attempt", "started_at", "ended_at":
			m.keepOdd("", v)
		default:
			m.c.Keep(v)
		}
	}
	for v := trouble.First(); v.Exists(); v = v.Next() {
		switch v.Key() {
		case "code", "message":
			m.keepOdd("error", v)
		default:
			m.c.KeepIn("error", v)
		}
	}
	for v := a.app.First(); v.Exists(); v = v.Next() {
		switch v.Key() {
		case "actions":
		case "name", "id":
			m.keepOdd("app", v)
		default:
			m.c.KeepIn("app", v)
		}
	}
}

// stepLog writes the lines of the log with the names of Record.StepLog.
func (m *mapper) stepLog(log jsonx.Value) string {
	if log.Len() == 0 {
		return ""
	}
	return m.c.Write(func(dst []byte) []byte {
		dst = append(dst, '[')
		for line := log.First(); line.Exists(); line = line.Next() {
			if dst[len(dst)-1] != '[' {
				dst = append(dst, ',')
			}
			dst = append(dst, '{')
			if line.Kind() == jsonx.String {
				dst = m.c.AppendMasked(append(dst, `"text":`...), "text", line)
			}
			for v := line.First(); v.Exists(); v = v.Next() {
				key := v.Key()
				if key == "at" {
					key = "time"
				}
				dst = m.appendMember(dst, key, v)
			}
			dst = append(dst, '}')
		}
		return append(dst, ']')
	})
}

func (m *mapper) payload(parameters, response jsonx.Value) string {
	if !parameters.Exists() && !response.Exists() {
		return ""
	}
	return m.c.Write(func(dst []byte) []byte {
		dst = append(dst, '{')
		if parameters.Exists() {
			dst = m.appendMember(dst, "parameters", parameters)
		}
		if !response.Exists() {
			return append(dst, '}')
		}
		if parameters.Exists() {
			dst = append(dst, ',')
		}
		dst = append(dst, `"response":{`...)
		for v := response.First(); v.Exists(); v = v.Next() {
			if dst[len(dst)-1] != '{' {
				dst = append(dst, ',')
			}
			dst = append(normalize.AppendString(dst, v.Key()), ':')
			dst = m.c.AppendInner(dst, v.Key(), v)
		}
		return append(dst, "}}"...)
	})
}

func (m *mapper) appendMember(dst []byte, key string, v jsonx.Value) []byte {
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	dst = append(normalize.AppendString(dst, key), ':')
	return m.c.AppendMasked(dst, key, v)
}
