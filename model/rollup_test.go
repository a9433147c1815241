package model

import "testing"

// child reads one letter: success, failed, timed out, cancelled (X), skipped
// (K), waiting (P), retrying (Y), running, begun (B), queued.
func child(letter rune) Child {
	switch letter {
	case 'S':
		return Child{Terminal, Success}
	case 'F':
		return Child{Terminal, Failure}
	case 'T':
		return Child{Terminal, Timeout}
	case 'X':
		return Child{Terminal, Cancelled}
	case 'K':
		return Child{Terminal, Skipped}
	case 'P':
		return Child{State: Waiting}
	case 'Y':
		return Child{State: Retrying}
	case 'R':
		return Child{State: Running}
	case 'B':
		return Child{State: Started}
	default:
		return Child{State: Queued}
	}
}

func children(letters string) []Child {
	var list []Child
	for _, letter := range letters {
		list = append(list, child(letter))
	}
	return list
}

func TestRollup(t *testing.T) {
	live := func(s State) Status { return Status{State: s} }
	failing := func(s State) Status { return Status{State: s, Failing: true} }
	done := func(o Outcome) Status { return Status{State: Terminal, Outcome: o} }
	cases := []struct {
		children string
		want     Status
	}{
		{"", live(Queued)},
		{"QQ", live(Queued)},
		{"QS", live(Started)},
		{"BQ", live(Started)},
		{"RQ", live(Running)},
		{"RS", live(Running)},
		{"YS", live(Retrying)},
		{"YR", live(Retrying)},
		{"FR", failing(Running)},
		{"FY", failing(Retrying)},
		{"FQ", failing(Started)},
		{"PS", live(Waiting)},
		{"PF", failing(Waiting)},
		{"PP", live(Waiting)},
		{"SSS", done(Success)},
		{"SSF", done(Partial)},
		{"FFF", done(Failure)},
		{"SFX", done(Partial)},
		{"FX", done(Failure)},
		{"SSX", done(Partial)},
		{"XX", done(Cancelled)},
		{"SSK", done(Success)},
		{"FK", done(Failure)},
		{"KK", done(Skipped)},
		{"TT", done(Timeout)},
		{"ST", done(Partial)},
		{"FT", done(Failure)},
		// Beyond the table.
		{"TX", done(Failure)},
		{"TK", done(Timeout)},
		{"KQ", live(Started)},
		{"TR", failing(Running)},
		{"YRPBQ", live(Retrying)},
		{"RPBQ", live(Running)},
		{"PBQ", live(Waiting)},
	}
	for _, c := range cases {
		if got := Rollup(children(c.children)); got != c.want {
			t.Errorf("children %q: got %+v, want %+v", c.children, got, c.want)
		}
	}
}

// TestRollupOrder holds that children have no order.
func TestRollupOrder(t *testing.T) {
	for _, letters := range []string{"SSF", "FQ", "YR", "KFX", "PS", "TFS"} {
		want := Rollup(children(letters))
		reversed := children(letters)
		for i, j := 0, len(reversed)-1; i < j; i, j = i+1, j-1 {
			reversed[i], reversed[j] = reversed[j], reversed[i]
		}
		if got := Rollup(reversed); got != want {
			t.Errorf("%q backwards: got %+v, want %+v", letters, got, want)
		}
	}
}

func TestRollupNested(t *testing.T) {
	cases := map[string]struct {
		child Child
		want  Status
	}{
		"a partial run is partial":      {Child{Terminal, Partial}, Status{State: Terminal, Outcome: Partial}},
		"a platform fault is a failure": {Child{Terminal, Error}, Status{State: Terminal, Outcome: Failure}},
		"finalizing still runs":         {Child{State: Finalizing}, Status{State: Running}},
		"unknown state":                 {Child{State: UnknownState}, Status{State: UnknownState}},
		"unknown outcome":               {Child{Terminal, UnknownOutcome}, Status{State: UnknownState}},
	}
	for name, c := range cases {
		if got := Rollup([]Child{c.child}); got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
	mixed := Rollup([]Child{{Terminal, Success}, {Terminal, UnknownOutcome}})
	if want := (Status{State: Terminal, Outcome: UnknownOutcome}); mixed != want {
		t.Errorf("a success and an unknown: got %+v, want %+v", mixed, want)
	}
}

func TestTaskTypes(t *testing.T) {
	all := []TaskType{
		TaskUserCreate, TaskUserUpdate, TaskUserDeactivate, TaskUserReactivate, TaskUserDelete, TaskUserSync,
		TaskRoleUpdate, TaskGroupAdd, TaskGroupRemove, TaskLicenseAssign, TaskLicenseRevoke, TaskCredentialRotate,
		TaskMFAEnable, TaskMFADisable, TaskSessionLogin, TaskSessionRevoke, TaskNotify, TaskApprove, TaskTransform,
		TaskHTTP, TaskOther,
	}
	for _, task := range all {
		op := task.Operation()
		if op == "" {
			t.Errorf("%s has no operation", task)
		}
		if task.Revokes() && op != OpDelete && op != OpDisable {
			t.Errorf("%s takes an access away by %s", task, op)
		}
	}
}

func TestAgree(t *testing.T) {
	for _, test := range []struct {
		stated, derived Outcome
		want            bool
	}{
		{Success, Success, true},
		{Failure, Partial, true}, // most vendors have no word for partial
		{Success, Partial, false},
		{Partial, Failure, false},
		{Cancelled, Failure, false}, // a cancelled run may hide a failed action
	} {
		if got := Agree(test.stated, test.derived); got != test.want {
			t.Errorf("Agree(%s, %s) = %t, want %t", test.stated, test.derived, got, test.want)
		}
	}
}
