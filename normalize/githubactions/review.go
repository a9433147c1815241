package githubactions

import (
	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// mapReview appends what somebody said to a deployment that waits for them.
func mapReview(c *normalize.Context, hook, run jsonx.Value, action string) error {
	id, err := c.Required(run, "id")
	if err != nil {
		return err
	}
	r := c.New(normalize.KindAudit)
	r.RunID, r.NativeType = id, "deployment_review"
	r.ChangeKind, r.TaskType = "approval", model.TaskApprove
	r.WorkflowID, r.WorkflowName = run.Get("workflow_id").Text(), run.Get("name").Text()
	if r.Attempt, err = attempt(run); err != nil {
		return err
	}
	r.StatusNative = action
	switch action {
	case "approved":
		r.State, r.Outcome = model.Terminal, model.Success
	case "rejected":
		r.State, r.Outcome = model.Terminal, model.Failure
		r.ErrorClass, r.ErrorCategory, r.ClassSource = model.Permanent, model.CategoryPolicy, model.FromEventType
	case "requested":
		r.State, r.WaitReason = model.Waiting, model.WaitApproval
	default:
		r.State = model.UnknownState
	}
	who := hook.Get("approver")
	if !who.Exists() {
		who = hook.Get("sender")
	}
	setActor(r, who)
	r.Reason = hook.Get("comment").Text()
	if err := eventTime(c, r, run, "updated_at", "created_at"); err != nil {
		return err
	}
	setRepository(r, hook.Get("repository"))
	r.EventType = c.Concat("deployment_review.", action)
	for m := hook.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "action", "workflow_run", "comment", "approver", "repository":
		case "organization", "enterprise", "sender":
			c.KeepAs("", m.Key(), login(m))
		case "installation":
			c.KeepIn(m.Key(), m.Get("id"))
		case "requestor":
			c.KeepAs("", m.Key(), login(m))
		default:
			c.Keep(m)
		}
	}
	r.Unmapped = c.Kept()
	return nil
}
