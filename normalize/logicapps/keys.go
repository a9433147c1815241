package logicapps

import (
	"strings"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// setKeys finds what the business calls this run: the client tracking id where
// the caller chose one, which all records of the run carry, or else the first
// tracked property that is named like a key. A tracked property may also hold
// the idempotency key of a step.
func (e *event) setKeys(r *normalize.Record) {
	for m := e.tracked.First(); m.Exists(); m = m.Next() {
		switch key := m.Key(); {
		case m.Text() == "":
		case strings.EqualFold(key, "idempotencyKey") || strings.EqualFold(key, "idempotency_key"):
			r.IdempotencyKey = m.Text()
		case r.BusinessKey == "" && namesKey(key) && m.Kind() != jsonx.Bool:
			r.BusinessKey, r.BusinessKeyType = m.Text(), key
		}
	}
	if e.client != "" && !generated(e.client) {
		r.BusinessKey, r.BusinessKeyType = e.client, "clientTrackingId"
	}
}

// namesKey reports whether a property is named like orderId, case_number or key.
func namesKey(name string) bool {
	for _, suffix := range [...]string{"id", "key", "number", "reference"} {
		if at := len(name) - len(suffix); at >= 0 && strings.EqualFold(name[at:], suffix) {
			return true
		}
	}
	return false
}

// generated reports whether a tracking id is one that Azure made up: some twenty
// digits, with or without a unit such as CU22 behind them.
func generated(id string) bool {
	digits := 0
	for digits < len(id) && id[digits]-'0' <= 9 {
		digits++
	}
	return digits >= 18 && (digits == len(id) || strings.HasPrefix(id[digits:], "CU"))
}
