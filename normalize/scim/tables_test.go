package scim

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

func TestTask(t *testing.T) {
	for _, c := range []struct {
		method, path, body string
		want               model.TaskType
	}{
		{"POST", "/Users", `{}`, model.TaskUserCreate},
		{"POST", "/Users", `{"active":false}`, model.TaskUserCreate},
		{"POST", "/Users/.search", `{}`, model.TaskOther},
		{"GET", "/Users/1", ``, model.TaskOther},
		{"PUT", "/Users/1", `{"active":true}`, model.TaskUserUpdate},
		{"PUT", "/Users/1", `{"active":"False"}`, model.TaskUserDeactivate},
		{"PUT", "/Users/1", `{"active":true,"password":"x"}`, model.TaskCredentialRotate},
		{"PUT", "/Users/1", `{"active":false,"password":"x"}`, model.TaskUserDeactivate},
		{"DELETE", "/Users/1", ``, model.TaskUserDelete},
		{"DELETE", "/Groups/1", ``, model.TaskOther},
		{"POST", "/Groups", `{"displayName":"a"}`, model.TaskOther},
		{"POST", "/Groups", `{"members":[{"value":"1"}]}`, model.TaskGroupAdd},
		{"PUT", "/Groups/1", `{"members":[]}`, model.TaskGroupRemove},
		{"PUT", "/Groups/1", `{"members":[{"value":"1"}]}`, model.TaskGroupAdd},
		{"PATCH", "/Users/1", `{"Operations":[{"op":"Replace","path":"Active","value":"False"}]}`, model.TaskUserDeactivate},
		{"PATCH", "/Users/1", `{"operations":[{"op":"replace","value":{"active":false}}]}`, model.TaskUserDeactivate},
		{"PATCH", "/Users/1", `{"Operations":[{"op":"replace","value":{"urn:ietf:params:scim:schemas:core:2.0:User:active":false}}]}`, model.TaskUserDeactivate},
		{"PATCH", "/Users/1", `{"Operations":[{"op":"replace","path":"active","value":true},{"op":"replace","path":"active","value":false}]}`, model.TaskUserDeactivate},
		{"PATCH", "/Users/1", `{"Operations":[{"op":"replace","path":"active","value":"perhaps"}]}`, model.TaskUserUpdate},
		{"PATCH", "/Users/1", `{"Operations":[{"op":"add","path":"roles","value":"admin"},{"op":"replace","path":"title","value":"x"}]}`, model.TaskRoleUpdate},
		{"PATCH", "/Users/1", `{"Operations":[{"op":"replace","path":"name.givenName","value":"x"}]}`, model.TaskUserUpdate},
		{"PATCH", "/Users/1", `{"Operations":[]}`, model.TaskOther},
		{"PATCH", "/Users/1", `{}`, model.TaskOther},
		{"PATCH", "/Users/1", `{"Operations":[17]}`, model.TaskUserUpdate},
		{"PATCH", "/Groups/1", `{"Operations":[{"op":"add","path":"members","value":[{"value":"1"}]}]}`, model.TaskGroupAdd},
		{"PATCH", "/Groups/1", `{"Operations":[{"op":"Remove","path":"members[value eq \"1\"]"}]}`, model.TaskGroupRemove},
		{"PATCH", "/Groups/1", `{"Operations":[{"op":"replace","path":"members","value":null}]}`, model.TaskGroupRemove},
		{"PATCH", "/Groups/1", `{"Operations":[{"op":"replace","path":"displayName","value":"x"}]}`, model.TaskOther},
	} {
		t.Run(fmt.Sprintf("%s %s %s", c.method, c.path, c.body), func(t *testing.T) {
			x := exchange{method: c.method, request: parse(t, c.body)}
			x.resource, x.id = resourceOf(c.path)
			require.Equal(t, c.want, x.task())
		})
	}
}

func TestResult(t *testing.T) {
	const (
		gone = `{"detail":"gone"}`
		none = model.ErrorClass("")
	)
	for _, c := range []struct {
		method   string
		status   int
		body     string
		state    model.State
		outcome  model.Outcome
		effect   model.Effect
		class    model.ErrorClass
		category model.ErrorCategory
	}{
		{"POST", 200, ``, model.Terminal, model.Success, "", none, ""},
		{"POST", 201, ``, model.Terminal, model.Success, model.Changed, none, ""},
		{"POST", 202, ``, model.Running, "", "", none, ""},
		{"PATCH", 204, ``, model.Terminal, model.Success, "", none, ""},
		{"GET", 200, ``, model.Terminal, model.Success, model.NoOp, none, ""},
		{"GET", 304, ``, model.Terminal, model.Success, model.NoOp, none, ""},
		{"PUT", 307, ``, model.Terminal, model.UnknownOutcome, "", none, ""},
		{"DELETE", 204, ``, model.Terminal, model.Success, model.Changed, none, ""},
		{"DELETE", 404, gone, model.Terminal, model.Success, model.NoOp, none, ""},
		{"PATCH", 404, gone, model.Terminal, model.Failure, "", model.Permanent, model.CategoryNotFound},
		{"PATCH", 400, ``, model.Terminal, model.Failure, "", model.Permanent, model.CategoryData},
		{"PATCH", 400, `{"scimType":"tooMany"}`, model.Terminal, model.Failure, "", model.Permanent, model.CategorySize},
		{"PATCH", 400, `{"scimType":"noTarget"}`, model.Terminal, model.Failure, "", model.Permanent, model.CategoryData},
		{"PATCH", 400, `{"scimType":"unheardOf"}`, model.Terminal, model.Failure, "", model.Permanent, model.CategoryData},
		{"POST", 401, ``, model.Terminal, model.Failure, "", model.Permanent, model.CategoryAuth},
		{"POST", 403, ``, model.Terminal, model.Failure, "", model.Permanent, model.CategoryPermission},
		{"POST", 408, ``, model.Terminal, model.Failure, "", model.Temporary, model.CategoryTimeout},
		{"POST", 409, `{"scimType":"uniqueness"}`, model.Terminal, model.Failure, "", model.Permanent, model.CategoryConflict},
		{"PUT", 412, `{"scimType":"invalidVers"}`, model.Terminal, model.Failure, "", model.Temporary, model.CategoryConcurrency},
		{"POST", 413, ``, model.Terminal, model.Failure, "", model.Permanent, model.CategorySize},
		{"POST", 429, ``, model.Terminal, model.Failure, "", model.Temporary, model.CategoryRateLimit},
		{"POST", 500, ``, model.Terminal, model.Failure, "", model.UnknownClass, model.CategoryAPITransient},
		{"POST", 501, ``, model.Terminal, model.Failure, "", model.Permanent, model.CategoryUnknown},
		{"POST", 503, ``, model.Terminal, model.Failure, "", model.Temporary, model.CategoryAPITransient},
	} {
		t.Run(fmt.Sprintf("%s %d %s", c.method, c.status, c.body), func(t *testing.T) {
			x := exchange{method: c.method, resource: "Users", status: c.status, response: parse(t, c.body)}
			var r normalize.Record
			x.result(&r)
			require.Equal(t, c.state, r.State)
			require.Equal(t, c.outcome, r.Outcome)
			require.Equal(t, c.effect, r.Effect)
			require.Equal(t, c.class, r.ErrorClass)
			require.Equal(t, c.category, r.ErrorCategory)
		})
	}
}

func TestResourceOf(t *testing.T) {
	for path, want := range map[string][2]string{
		"/Users":                              {"Users", ""},
		"/scim/v2/Users/42":                   {"Users", "42"},
		"https://a.example.com/Users/a%20b?x": {"Users", "a b"},
		"/users/42/":                          {"Users", "42"},
		"/Users/%ff":                          {"Users", "%ff"},
		"/tenants/Groups/scim/Users/7":        {"Users", "7"},
		"/Bulk":                               {"Bulk", ""},
		"/Devices/1":                          {"", ""},
		"":                                    {"", ""},
	} {
		resource, id := resourceOf(path)
		require.Equal(t, want, [2]string{resource, id}, path)
	}
}

func TestMember(t *testing.T) {
	for body, want := range map[string]string{
		`{"Operations":[{"op":"add","path":"members","value":[{"value":"1"}]}]}`:                                             "1",
		`{"Operations":[{"op":"add","path":"members","value":{"value":"1"}}]}`:                                               "1",
		`{"Operations":[{"op":"remove","path":"members[value eq \"1\"]"}]}`:                                                  "1",
		`{"Operations":[{"op":"add","path":"members","value":[{"value":"1"},{"value":"2"}]}]}`:                               "",
		`{"Operations":[{"op":"add","value":{"members":[{"value":"1"}]}},{"op":"remove","path":"members[value eq \"1\"]"}]}`: "1",
		`{"Operations":[{"op":"replace","path":"displayName","value":"x"}]}`:                                                 "",
		`{"members":[{"value":"9"}]}`: "9",
	} {
		x := exchange{method: "PATCH", resource: "Groups", request: parse(t, body)}
		require.Equal(t, want, x.member(), body)
	}
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
