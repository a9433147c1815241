// Package zluri reads the run logs of Zluri: one execution of a playbook with
// the people it was for, the applications, and the actions in each.
//
// The vendor shows run logs to people only, so the payload is a contract of
// this product: the type rl.zluri.run.v1, as a CloudEvent or as its bare data
// object. A payload is a snapshot of a run; a later one revises it. It becomes
// one run, a subject for each user, an action for each attempt, and, where the
// run was archived, an annotation.
//
// Reference: the vendor's help page "Runs Logs Tab".
package zluri

import (
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/cloudevents"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Type is the CloudEvents type of a run.
const Type = "rl.zluri.run.v1"

const name = "zluri.run_log"

// Format reads runs, wrapped or bare.
var Format = normalize.Format{
	Name:     name,
	Version:  1,
	Title:    "Zluri run logs (" + Type + ", as a CloudEvent or bare)",
	Ref:      "https://help.zluri.com/",
	Emits:    []normalize.Kind{normalize.KindRun, normalize.KindSubject, normalize.KindAction, normalize.KindAudit},
	About:    about,
	Elements: cloudevents.Elements,
	Map:      cloudevents.OrBare("a run", Type, MapRun),
}

// MapRun appends the records of the run that e.Data describes. Their source is
// that of Format whatever brought them here, so that a run keeps its identity.
func MapRun(c *normalize.Context, e *cloudevents.Event) error {
	data := e.Data
	if data.Kind() != jsonx.Object {
		return normalize.WrongType(data, "a run, which is an object")
	}
	m := mapper{c: c, event: e}
	if err := m.readRun(data); err != nil {
		return err
	}
	if err := m.readUsers(data); err != nil {
		return err
	}
	m.writeRun(data)
	for i := range m.people {
		m.writeSubject(&m.people[i])
		for j := m.people[i].from; j < m.people[i].to; j++ {
			if err := m.writeAction(&m.people[i], &m.attempts[j]); err != nil {
				return err
			}
		}
	}
	return m.writeArchived(data.Get("archived"))
}
