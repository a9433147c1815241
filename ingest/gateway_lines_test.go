package ingest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/normalize"
)

// TestGatewayLines pushes a log of lines: each becomes a message of its own,
// a bad one is told by its place, and JSON sources still take no plain text.
func TestGatewayLines(t *testing.T) {
	p := gatewayOn(t, gatewayBroker(t), "lines")
	const (
		first = "2026-02-27 10:15:30,123| c1| ch1| CREATE| s1| t1| true| "
		torn  = "2026-02-27 10:15:31,123| c1| ch1| CREA"
		last  = "2026-02-27 10:15:32,123| c1| ch1| DELETE| s2| t2| false| [gone, {or \"not\"}]"
	)
	a := p.push("pingfederate.provisioner", first+"\r\n"+torn+"\n\n"+last, "Content-Type", "text/plain; charset=utf-8")
	require.Equal(t, 202, a.status, a.text)
	require.Equal(t, []int{2, 1, 3}, []int{a.receipt.Accepted, a.receipt.Rejected, a.receipt.Messages})
	require.Equal(t, normalize.Truncated, a.receipt.Rejects[0].Reason)
	require.Equal(t, len(first)+2+len(torn), a.receipt.Rejects[0].Offset)
	var values []string
	for _, m := range p.messages() {
		values = append(values, string(m.Value))
	}
	require.Equal(t, []string{first, torn, last}, values)

	refused := p.push("okta.system_log", oktaEvent("a"), "Content-Type", "text/plain")
	require.Equal(t, 415, refused.status, refused.text)
}
