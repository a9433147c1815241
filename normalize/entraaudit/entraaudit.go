// Package entraaudit reads the audit log of the Microsoft Entra directory: the
// directoryAudit of Microsoft Graph, the record of the category AuditLogs that
// Azure Monitor streams, and the row of the table AuditLogs.
//
// An entry becomes an audit record. What the provisioning service did is an
// action as well; its details stand in the provisioning log, which is another
// format and never merged with this one. The package does not judge whether a
// change was right.
//
// Reference: https://learn.microsoft.com/graph/api/resources/directoryaudit
package entraaudit

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Format is entra.directory_audit.
var Format = normalize.Format{
	Name:    "entra.directory_audit",
	Version: 1,
	Title:   "Microsoft Entra directory audit (Graph) and AuditLogs (Azure Monitor)",
	Ref:     "https://learn.microsoft.com/graph/api/resources/directoryaudit",
	Emits:   []normalize.Kind{normalize.KindAction, normalize.KindAudit},
	About:   about,
	Map:     mapEntry,
}

const (
	category     = "AuditLogs"
	provisioning = "Account Provisioning"
)

// entry is an element in words that do not depend on its shape.
type entry struct {
	body   jsonx.Value // the object that the members of Graph stand in
	nested bool        // under properties

	id, correlation, activity, operation     string
	stream, category, service, operationType string
	result, outer, reason                    string
	at, recorded                             jsonx.Value
	initiator, targets, details              jsonx.Value
}

func mapEntry(c *normalize.Context, v jsonx.Value) error {
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "a directoryAudit, which is an object")
	}
	e := entry{body: v}
	e.read(c, "", v)
	switch {
	case e.stream != "" && !strings.EqualFold(e.stream, category):
		return normalize.Invalid(v, normalize.UnknownType, "want the category %s, got %q", category, e.stream)
	case e.id == "":
		return normalize.Missing(e.body, "id")
	case e.activity == "" && e.operation == "":
		return normalize.Missing(e.body, "activityDisplayName")
	}
	r := c.New(normalize.KindAudit)
	r.NativeID, r.NativeType, r.CorrelationID = e.id, "directoryAudit", e.correlation
	if err := e.setTimes(c, r); err != nil {
		return err
	}
	e.setActivity(c, r)
	e.setResult(c, r)
	e.setActor(c, r)
	e.setTargets(c, r)
	e.keepDetails(c)
	r.ChangeKind = changeKind(e.category, r.EventType)
	r.Reason = e.reason
	r.Unmapped = c.Kept()
	if strings.EqualFold(e.service, provisioning) {
		e.writeAction(c, *r)
	}
	return nil
}

func (e *entry) setTimes(c *normalize.Context, r *normalize.Record) (err error) {
	at := e.at
	if at.Text() == "" {
		at = e.recorded
	}
	if !at.Exists() || at.IsNull() || at.Kind() == jsonx.String && at.Str() == "" {
		return normalize.Missing(e.body, "activityDateTime")
	}
	if err := c.EventTime(r, at); err != nil {
		return err
	}
	r.RecordedTime, _, err = c.Time(e.recorded)
	return err
}

func (e *entry) setActivity(c *normalize.Context, r *normalize.Record) {
	r.EventType = e.activity
	switch {
	case r.EventType == "":
		r.EventType = e.operation
	case e.operation != r.EventType:
		c.KeepText("", "operationName", e.operation)
	}
	r.ActionName = r.EventType
	switch strings.ToLower(e.operationType) {
	case "add", "assign", "create":
		r.Operation = model.OpCreate
	case "update", "set":
		r.Operation = model.OpUpdate
	case "delete", "unassign", "remove", "harddelete", "softdelete":
		r.Operation = model.OpDelete
	case "disable":
		r.Operation = model.OpDisable
	default:
		r.Operation = model.OpOther
	}
	c.KeepText("", "operationType", e.operationType)
	c.KeepText("", "category", e.category)
	c.KeepText("", "loggedByService", e.service)
}

// statusOf reads operationResult, by its name or by its number in the
// enumeration. A word that Microsoft adds later is unknown, not an error.
func statusOf(native string) model.Child {
	switch strings.ToLower(native) {
	case "success", "0":
		return model.Child{State: model.Terminal, Outcome: model.Success}
	case "failure", "1":
		return model.Child{State: model.Terminal, Outcome: model.Failure}
	case "timeout", "2":
		return model.Child{State: model.Terminal, Outcome: model.Timeout}
	default: // unknownFutureValue
		return model.Child{State: model.UnknownState}
	}
}

// setResult takes the result of the entry; what Azure Monitor writes over the
// record stands in only where there is none.
func (e *entry) setResult(c *normalize.Context, r *normalize.Record) {
	r.StatusNative, r.StatusReason = e.result, e.reason
	if r.StatusNative == "" {
		r.StatusNative = e.outer
	}
	s := statusOf(r.StatusNative)
	r.State, r.Outcome = s.State, s.Outcome
	if r.Outcome.Failed() {
		r.ErrorMessage = e.reason
		r.ClassifyMessage()
		if r.Outcome == model.Timeout {
			r.ErrorCode = r.StatusNative
			r.ErrorClass, r.ErrorCategory, r.ClassSource = model.Temporary, model.CategoryTimeout, model.FromCode
		}
	}
	if e.outer == r.StatusNative {
		return
	}
	c.KeepText("", "resultType", e.outer)
	if o := statusOf(e.outer).Outcome; o != "" && r.Outcome != "" && o != r.Outcome {
		r.StatusReason = c.Concat("resultType ", e.outer, " contradicts result ", r.StatusNative)
	}
}

// changeKind says what an entry changed, by its category and, where that is
// wide, by the words of its activity.
func changeKind(category, activity string) string {
	activity = strings.ToLower(activity)
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(activity, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("password", "credential", "secret", "certificate", "strong auth", "temporary access pass"):
		return "credential"
	case has("approve", "deny request", "denied request"):
		return "approval"
	}
	switch category {
	case "RoleManagement", "EntitlementManagement", "PermissionManagement", "PrivilegedIdentityManagement":
		return "permission"
	case "Policy", "AuthorizationPolicy", "Authentication", "ConditionalAccess", "CrossTenantAccessSettings":
		return "policy"
	case "AccessReviews", "AccessReview":
		return "certification"
	}
	switch {
	case has("member", "app role assignment", "consent", "delegated permission", "oauth2permissiongrant", "owner", "license"):
		return "permission"
	case category == "UserManagement" || category == "ProvisioningManagement":
		return "identity"
	default:
		return "definition"
	}
}
