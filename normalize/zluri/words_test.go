package zluri

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

func TestStatus(t *testing.T) {
	for native, want := range map[string]model.Child{
		"Completed":             {State: model.Terminal, Outcome: model.Success},
		"Completed with Errors": {State: model.Terminal, Outcome: model.Partial},
		"Failed":                {State: model.Terminal, Outcome: model.Failure},
		"Pending":               {State: model.Waiting},
		"pending":               {State: model.Waiting},
		"Archived":              {State: model.UnknownState},
		"":                      {State: model.UnknownState},
	} {
		require.Equal(t, want, status(native), native)
	}
}

func TestTrigger(t *testing.T) {
	for source, want := range map[string]model.TriggerKind{
		"Manual":          model.TriggerManual,
		"Automation rule": model.TriggerRule,
		"Automation Rule": model.TriggerRule,
		"Scheduled run":   model.TriggerSchedule,
		"Scheduled":       model.TriggerSchedule,
		"Slack":           model.TriggerUnknown,
	} {
		require.Equal(t, want, trigger(source), source)
	}
}

func TestLifecycle(t *testing.T) {
	for _, c := range []struct{ kind, name, want string }{
		{"Onboarding", "Sales", "joiner"},
		{"Offboarding", "Sales", "leaver"},
		{"Offboarding", "Undo the onboarding", "leaver"},
		{"", "EMEA onboarding", "joiner"},
		{"", "Offboard contractors", "leaver"},
		{"mover", "", "mover"},
		{"App playbook", "Weekly cleanup", ""},
	} {
		require.Equal(t, c.want, lifecycle(c.kind, c.name), c)
	}
}

func TestTaskType(t *testing.T) {
	for action, want := range map[string]model.TaskType{
		"Add User":                       model.TaskUserCreate,
		"add user to organization":       model.TaskUserCreate,
		"Create account":                 model.TaskUserCreate,
		"Remove User":                    model.TaskUserDelete,
		"Remove user from workspace":     model.TaskUserDelete,
		"Deactivate User":                model.TaskUserDeactivate,
		"Suspend user":                   model.TaskUserDeactivate,
		"Reactivate user":                model.TaskUserReactivate,
		"Activate user":                  model.TaskUserReactivate,
		"Update user profile":            model.TaskUserUpdate,
		"Add to channel":                 model.TaskGroupAdd,
		"Add user to #sales channel":     model.TaskGroupAdd,
		"Remove user from group":         model.TaskGroupRemove,
		"Assign License":                 model.TaskLicenseAssign,
		"Revoke license":                 model.TaskLicenseRevoke,
		"Assign role":                    model.TaskRoleUpdate,
		"Reset password":                 model.TaskCredentialRotate,
		"Sign out user from all devices": model.TaskSessionRevoke,
		"Send welcome email":             model.TaskNotify,
		"Request approval from manager":  model.TaskApprove,
		"Transfer files":                 model.TaskOther,
		"Readd user":                     model.TaskOther,
		"":                               model.TaskOther,
	} {
		require.Equal(t, want, taskType(action), action)
	}
}

func TestWaitReason(t *testing.T) {
	for text, want := range map[string]model.WaitReason{
		`{}`:                                 model.WaitUnknown,
		`{"wait_reason":"approval"}`:         model.WaitApproval,
		`{"wait_reason":"Manual tasks"}`:     model.WaitManualTask,
		`{"wait_reason":"synchronization"}`:  model.WaitSync,
		`{"manual_task":{"id":"1"}}`:         model.WaitManualTask,
		`{"wait_reason":"the moon"}`:         model.WaitUnknown,
		`{"manual_task":null}`:               model.WaitUnknown,
		`{"wait_reason":"approval","x":"y"}`: model.WaitApproval,
	} {
		require.Equal(t, want, waitReason(parse(t, text)), text)
	}
}

func TestClassify(t *testing.T) {
	const none = model.ClassSource("")
	for name, c := range map[string]struct {
		trouble, response string
		class             model.ErrorClass
		category          model.ErrorCategory
		source            model.ClassSource
	}{
		"network":                    {`{"type":"Temporary","message":"Network interruption"}`, ``, model.Temporary, model.CategoryNetwork, model.FromVendorFlag},
		"timeout":                    {`{"type":"Temporary","message":"Service timeouts"}`, ``, model.Temporary, model.CategoryTimeout, model.FromVendorFlag},
		"rate limiting":              {`{"type":"Temporary","message":"Rate limiting"}`, ``, model.Temporary, model.CategoryRateLimit, model.FromVendorFlag},
		"temporary API error":        {`{"type":"Temporary","message":"Temporary API errors"}`, ``, model.Temporary, model.CategoryAPITransient, model.FromVendorFlag},
		"invalid credentials":        {`{"type":"Permanent","message":"Invalid credentials"}`, ``, model.Permanent, model.CategoryAuth, model.FromVendorFlag},
		"missing permissions":        {`{"type":"Permanent","message":"Missing permissions"}`, ``, model.Permanent, model.CategoryPermission, model.FromVendorFlag},
		"integration disconnected":   {`{"type":"Permanent","message":"Integration disconnected"}`, ``, model.Permanent, model.CategoryDisconnected, model.FromVendorFlag},
		"user attribute":             {`{"type":"Permanent","message":"User attribute errors"}`, ``, model.Permanent, model.CategoryData, model.FromVendorFlag},
		"API authentication":         {`{"type":"Permanent","message":"API authentication issues"}`, ``, model.Permanent, model.CategoryAuth, model.FromVendorFlag},
		"flag beats code":            {`{"type":"Permanent","code":"429"}`, ``, model.Permanent, model.CategoryRateLimit, model.FromVendorFlag},
		"code beats message":         {`{"code":"INVALID_CREDENTIALS","message":"network"}`, ``, model.Permanent, model.CategoryAuth, model.FromCode},
		"own code beats response":    {`{"code":403}`, `{"code":500}`, model.Permanent, model.CategoryPermission, model.FromCode},
		"response alone":             {``, `{"code":"503"}`, model.Temporary, model.CategoryAPITransient, model.FromCode},
		"message alone":              {`{"message":"rate limit exceeded"}`, ``, model.Temporary, model.CategoryRateLimit, model.FromMessage},
		"unknown stays unknown":      {`{"code":"E42","message":"something broke"}`, ``, model.UnknownClass, model.CategoryUnknown, none},
		"nothing said":               {``, ``, model.UnknownClass, model.CategoryUnknown, none},
		"an unknown flag is no flag": {`{"type":"Intermittent","message":"odd"}`, ``, model.UnknownClass, model.CategoryUnknown, none},
	} {
		t.Run(name, func(t *testing.T) {
			r := normalize.Record{State: model.Terminal, Outcome: model.Failure}
			r.ResponseCode = parse(t, c.response).Get("code").Text()
			classify(&r, parse(t, c.trouble), parse(t, c.response))
			require.Equal(t, c.class, r.ErrorClass)
			require.Equal(t, c.category, r.ErrorCategory)
			require.Equal(t, c.source, r.ClassSource)
		})
	}
}

func TestSuccessHasNoErrorClass(t *testing.T) {
	r := normalize.Record{State: model.Terminal, Outcome: model.Success}
	classify(&r, jsonx.Value{}, parse(t, `{"code":200}`))
	require.Empty(t, r.ErrorClass)
	require.Empty(t, r.FailureStage)
}

func parse(t *testing.T, text string) jsonx.Value {
	t.Helper()
	if text == "" {
		return jsonx.Value{}
	}
	var doc jsonx.Doc
	v, err := doc.Parse([]byte(text))
	require.NoError(t, err)
	return v
}
