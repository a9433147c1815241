package scim

import (
	"slices"
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize/jsonx"
)

// strength orders what one request can do, strongest first: a request that
// renames a user and deactivates it is a deactivation.
var strength = [...]model.TaskType{
	model.TaskUserDelete,
	model.TaskUserDeactivate,
	model.TaskGroupRemove,
	model.TaskUserCreate,
	model.TaskUserReactivate,
	model.TaskGroupAdd,
	model.TaskCredentialRotate,
	model.TaskRoleUpdate,
	model.TaskUserUpdate,
	model.TaskOther,
}

func stronger(a, b model.TaskType) model.TaskType {
	if slices.Index(strength[:], a) <= slices.Index(strength[:], b) {
		return a
	}
	return b
}

// task returns what the request does to its resource.
func (x *exchange) task() model.TaskType {
	user := x.resource == "Users" || x.resource == "Me"
	switch x.method {
	case "POST":
		if user {
			return model.TaskUserCreate
		}
		return x.bodyTask()
	case "DELETE":
		if user {
			return model.TaskUserDelete
		}
		return model.TaskOther
	case "PUT":
		if user {
			return x.putUser()
		}
		return x.bodyTask()
	case "PATCH":
		task := model.TaskOther
		x.changes(func(ch change) { task = stronger(ch.task(x.resource), task) })
		return task
	default:
		return model.TaskOther
	}
}

// putUser is the task of replacing a user. That active is true in it may be so
// before and after.
func (x *exchange) putUser() model.TaskType {
	task := model.TaskUserUpdate
	if on, ok := fold(x.request, "active").Bool(); ok && !on {
		task = model.TaskUserDeactivate
	}
	if fold(x.request, "password").Exists() {
		task = stronger(model.TaskCredentialRotate, task)
	}
	return task
}

// bodyTask is the task of writing a whole group.
func (x *exchange) bodyTask() model.TaskType {
	members := fold(x.request, "members")
	switch {
	case x.resource != "Groups" || !members.Exists():
		return model.TaskOther
	case members.Len() > 0:
		return model.TaskGroupAdd
	case x.method == "PUT":
		return model.TaskGroupRemove
	default:
		return model.TaskOther
	}
}

// operation is the verb where the task is no type of its own.
func (x *exchange) operation() model.Operation {
	switch x.method {
	case "POST":
		if x.resource == ".search" {
			return model.OpRead
		}
		return model.OpCreate
	case "GET":
		return model.OpRead
	case "PUT", "PATCH":
		return model.OpUpdate
	case "DELETE":
		return model.OpDelete
	default:
		return model.OpOther
	}
}

// change is one attribute that a PATCH touches.
type change struct {
	op    string // add, remove, replace, in lower case
	path  string // as the client wrote it, or the name within a path-less value
	value jsonx.Value
}

// changes yields the changes of a PATCH in their order. An operation without a
// path is one change for each member of its value.
func (x *exchange) changes(yield func(change)) {
	operations := fold(x.request, "Operations")
	if operations.Kind() != jsonx.Array {
		return
	}
	for o := operations.First(); o.Exists(); o = o.Next() {
		op := strings.ToLower(fold(o, "op").Str())
		path, value := fold(o, "path").Str(), fold(o, "value")
		if path != "" || value.Kind() != jsonx.Object {
			yield(change{op, path, value})
			continue
		}
		for m := value.First(); m.Exists(); m = m.Next() {
			yield(change{op, m.Key(), m})
		}
	}
}

// attribute returns the name that ch is about, in lower case and without
// schema, filter and sub-attribute: "emails" of emails[type eq "work"].value.
func (ch change) attribute() string {
	head, _, _ := strings.Cut(ch.path, "[")
	if strings.HasPrefix(strings.ToLower(head), "urn:") {
		head = head[strings.LastIndexByte(head, ':')+1:]
	}
	head, _, _ = strings.Cut(head, ".")
	return strings.ToLower(head)
}

func (ch change) task(resource string) model.TaskType {
	if resource == "Groups" {
		if ch.attribute() == "members" {
			return ch.membership()
		}
		return model.TaskOther
	}
	switch ch.attribute() {
	case "active":
		on, ok := ch.value.Bool()
		switch {
		case !ok || ch.op == "remove":
			return model.TaskUserUpdate
		case on:
			return model.TaskUserReactivate
		default:
			return model.TaskUserDeactivate
		}
	case "password":
		return model.TaskCredentialRotate
	case "roles", "entitlements":
		return model.TaskRoleUpdate
	case "groups":
		return ch.membership()
	default:
		return model.TaskUserUpdate
	}
}

// membership is the task of a change of members; replacing them by nobody
// removes all.
func (ch change) membership() model.TaskType {
	empty := ch.value.IsNull() || ch.value.Kind() == jsonx.Array && ch.value.Len() == 0
	if ch.op == "remove" || ch.op == "replace" && empty {
		return model.TaskGroupRemove
	}
	return model.TaskGroupAdd
}

// member returns the one member that the changes are about, or "".
func (x *exchange) member() string {
	one, several := "", false
	see := func(id string) {
		several = several || one != "" && id != one
		one = id
	}
	each := func(members jsonx.Value) {
		for m := members.First(); m.Exists(); m = m.Next() {
			see(fold(m, "value").Text())
		}
	}
	each(fold(x.request, "members"))
	x.changes(func(ch change) {
		if ch.attribute() != "members" {
			return
		}
		if _, filter, ok := strings.Cut(ch.path, "["); ok {
			see(quoted(filter))
		}
		if ch.value.Kind() == jsonx.Object {
			see(fold(ch.value, "value").Text())
		}
		if ch.value.Kind() == jsonx.Array {
			each(ch.value)
		}
	})
	if several {
		return ""
	}
	return one
}

// quoted returns the text between the first quotes of a filter.
func quoted(filter string) string {
	_, rest, _ := strings.Cut(filter, `"`)
	text, _, _ := strings.Cut(rest, `"`)
	return text
}
