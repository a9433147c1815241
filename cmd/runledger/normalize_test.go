package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
)

// BenchmarkNormalize reads Okta events as runledger normalize does, and writes
// the records nowhere.
func BenchmarkNormalize(b *testing.B) {
	var text bytes.Buffer
	const n = 20_000
	for i := range n {
		fmt.Fprintf(&text, `{"actor":{"id":"00u%d","type":"User","alternateId":"user%[1]d@example.com","displayName":"User %[1]d","detailEntry":null},"client":{"userAgent":{"rawUserAgent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)","os":"Mac OS X","browser":"CHROME"},"zone":"null","device":"Computer","id":null,"ipAddress":"203.0.113.7","geographicalContext":{"city":"Berlin","country":"Germany"}},"displayMessage":"Add user to application membership","eventType":"application.user_membership.add","outcome":{"result":"SUCCESS","reason":null},"published":"2026-03-01T09:30:00.123Z","severity":"INFO","debugContext":{"debugData":{"requestId":"X%[1]d","requestUri":"/api/v1/apps/0oa1/users"}},"transaction":{"type":"WEB","id":"X%[1]d","detail":{}},"uuid":"%[2]d-11f0","version":"0","target":[{"id":"0oa1","type":"AppInstance","alternateId":"Salesforce","displayName":"Salesforce"},{"id":"00u%[1]d","type":"User","alternateId":"user%[1]d@example.com","displayName":"User %[1]d"}]}`+"\n", i%900, i)
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		c := &cli{ctx: b.Context(), Stdin: bytes.NewReader(text.Bytes()), Stdout: io.Discard, Stderr: io.Discard, Getenv: func(string) string { return "" }}
		if code := run(c, strings.Fields("normalize --source okta.system_log --received 2026-03-01T12:00:00Z")); code != exitAnswered {
			b.Fatal("exit code", code)
		}
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
