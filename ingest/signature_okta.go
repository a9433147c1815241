package ingest

import (
	"net/http"
	"time"
)

// oktaHook is the scheme of Okta event hooks: a shared secret as the value of
// the header Authorization, and one GET that is to be echoed. Nothing is
// signed, so it rests on TLS.
//
// https://developer.okta.com/docs/concepts/event-hooks/
type oktaHook struct{ keys secrets }

const (
	oktaChallenge = "X-Okta-Verification-Challenge"
	maxChallenge  = 1024 // bytes
)

func (o oktaHook) early(r *http.Request, _ time.Time) *Problem {
	if !o.keys.equal(r.Header.Get("Authorization")) {
		return wrongSecret("the header Authorization")
	}
	return nil
}

func (o oktaHook) verify(_ *http.Request, body []byte, _ time.Time) (string, *Problem) {
	return digest(body), nil
}

func (o oktaHook) handshake(w http.ResponseWriter, r *http.Request, _ []byte) bool {
	challenge := r.Header.Get(oktaChallenge)
	if r.Method != http.MethodGet || challenge == "" || len(challenge) > maxChallenge {
		return false
	}
	writeJSON(w, http.StatusOK, "application/json", map[string]string{"verification": challenge})
	return true
}
