package entraaudit

import (
	"encoding/json"
	"testing"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize/jsonx"
)

func TestStatusOf(t *testing.T) {
	success := model.Child{State: model.Terminal, Outcome: model.Success}
	failure := model.Child{State: model.Terminal, Outcome: model.Failure}
	timeout := model.Child{State: model.Terminal, Outcome: model.Timeout}
	unknown := model.Child{State: model.UnknownState}
	for native, want := range map[string]model.Child{
		"success": success, "Success": success, "0": success, "failure": failure, "1": failure,
		"timeout": timeout, "2": timeout, "unknownFutureValue": unknown, "3": unknown, "": unknown,
	} {
		if got := statusOf(native); got != want {
			t.Errorf("%q: got %+v, want %+v", native, got, want)
		}
	}
}

func TestUnquote(t *testing.T) {
	for text, want := range map[string]string{
		`""`:                `""`,
		`"Payroll"`:         `"Payroll"`,
		`["a","b"]`:         `["a","b"]`,
		`"[\"a\"]"`:         `["a"]`,
		`"{\"a\":\"b\"}"`:   `{"a":"b"}`,
		`plain`:             `"plain"`,
		`"torn`:             `"\"torn"`,
		`True`:              `"True"`,
		``:                  `""`,
		`["torn"`:           ``,
		`"{\"torn\":\"a\""`: ``,
	} {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		var doc jsonx.Doc
		v, err := doc.Parse(quoted)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(unquote(v).Raw()); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}
