package push_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/normalize/push"
)

// TestHashesAreOverWhatIsStored holds it also where a secret is masked: one who
// has the payload can check the hash.
func TestHashesAreOverWhatIsStored(t *testing.T) {
	r := records(t, &push.Format, `{"specversion":"1.0","id":"1","source":"/agents","type":"rl.ai.step.v1","data":{
"run_id":"r-1","step_id":"s-1","operation":"chat","started_at":"2026-03-01T09:30:00Z",
"prompt_context":"call https://svc:not-a-real-one@api.example.com/hr with Bearer abcdefghijklmnopqrstuvwxyz012345",
"output":{"answer":"done","client_secret":"not-a-real-one"}}}`)[0]
	require.NotContains(t, r.Payload, "not-a-real-one")
	require.NotEmpty(t, r.Redacted)
	var payload struct{ Request, Response json.RawMessage }
	require.NoError(t, json.Unmarshal([]byte(r.Payload), &payload))
	require.Equal(t, fmt.Sprintf("sha256:%x", sha256.Sum256(payload.Request)), r.PromptHash)
	require.Equal(t, fmt.Sprintf("sha256:%x", sha256.Sum256(payload.Response)), r.OutputHash)
}
