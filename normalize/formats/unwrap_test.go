package formats_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/normalize"
)

// envelopes are ways in which carriers wrap an event.
var envelopes = map[string]func(event string) string{
	"array":      func(e string) string { return "[" + e + "]" },
	"json lines": func(e string) string { return e + "\n" },
	"records":    func(e string) string { return `{"records":[` + e + `]}` },
	"value":      func(e string) string { return `{"@odata.context":"x","value":[` + e + `]}` },
	"events":     func(e string) string { return `{"events":[` + e + `]}` },
	"event hook": func(e string) string {
		return `{"eventType":"com.okta.event_hook","eventId":"1","data":{"events":[` + e + `]}}`
	},
	"cloudevent": func(e string) string {
		return `{"specversion":"1.0","id":"1","source":"/x","type":"com.example.event","data":` + e + `}`
	},
	"event bridge": func(e string) string {
		return `{"version":"0","id":"1","detail-type":"x","source":"aws.partner","detail":` + e + `}`
	},
	"event grid":       func(e string) string { return `[{"id":"1","eventType":"x","topic":"/y","data":` + e + `}]` },
	"splunk collector": func(e string) string { return `{"time":1772442000,"sourcetype":"x","event":` + e + `}` },
	"splunk text":      func(e string) string { return `{"time":1772442000,"event":` + quoted(e) + `}` },
	"splunk export":    func(e string) string { return `{"preview":false,"result":{"_time":"x","_raw":` + quoted(e) + `}}` },
	"raw":              func(e string) string { return `{"_raw":` + quoted(e) + `}` },
	"message":          func(e string) string { return `{"@timestamp":"2026-03-02T09:00:00Z","message":` + quoted(e) + `}` },
	"ecs": func(e string) string {
		return `{"@timestamp":"2026-03-02T09:00:00Z","event":{"kind":"event","original":` + quoted(e) + `}}`
	},
	"sns": func(e string) string { return `{"Type":"Notification","MessageId":"1","Message":` + quoted(e) + `}` },
	"sqs": func(e string) string {
		return `{"Records":[{"messageId":"1","body":` + quoted(`{"detail":`+e+`}`) + `}]}`
	},
	"log group":     func(e string) string { return `{"logGroup":"x","logEvents":[{"id":"1","message":` + quoted(e) + `}]}` },
	"container log": func(e string) string { return `{"log":` + quoted(e+"\n") + `,"stream":"stdout"}` },
}

func quoted(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// contents are the hashes of the records, and the rejects.
func contents(b normalize.Batch) (list []string) {
	for i := range b.Records {
		list = append(list, b.Records[i].ContentHash.String())
	}
	for i := range b.Rejects {
		list = append(list, b.Rejects[i].Error.Error())
	}
	return list
}

// ownEnvelopes are those that a format opens itself, or reads: what they say is
// part of its records. Empty: any.
var ownEnvelopes = map[string][]string{
	"alibaba.actiontrail":       {"splunk text", "splunk collector"}, // rows of a log service have the member event
	"auth0.logs":                {"event grid"},                      // its own log stream
	"temporal.history":          {"event grid", "array", "records", "value", "events", "event hook"},
	"entra.lifecycle_workflows": {}, // the type of its objects stands in @odata.context
	"scim.events":               {}, // its elements are texts, too
}

// TestEnvelopes wraps the samples of every format in every envelope: the
// records are those of the bare event.
func TestEnvelopes(t *testing.T) {
	tried := 0
	for _, s := range goodSamples(t) {
		own, special := ownEnvelopes[s.format.Name]
		if special && len(own) == 0 {
			continue
		}
		for _, element := range elementsOf(t, &s) {
			var compact bytes.Buffer
			require.NoError(t, json.Compact(&compact, element))
			bare := contents(s.output(compact.Bytes()))
			for name, wrap := range envelopes {
				if slices.Contains(own, name) {
					continue
				}
				tried++
				got := contents(s.output([]byte(wrap(compact.String()))))
				if name == "cloudevent" && len(got) == 1 && strings.Contains(got[0], `unknown type "com.example.event"`) {
					continue // the format reads CloudEvents, and this is none of its own
				}
				if fmt.Sprint(got) != fmt.Sprint(bare) {
					t.Errorf("%s, %s: got %.200s, want %.200s", s.path, name, got, bare)
				}
			}
		}
	}
	require.Greater(t, tried, 1000)
}
