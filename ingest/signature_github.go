package ingest

import (
	"encoding/hex"
	"net/http"
	"strings"
	"time"
)

// github is the scheme of GitHub webhooks: HMAC-SHA256 over the body. Neither
// the delivery id nor a time is signed, so the body names the delivery.
//
// https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
type github struct{ keys secrets }

const githubHeader = "X-Hub-Signature-256"

func (g github) early(r *http.Request, _ time.Time) *Problem {
	_, problem := g.mac(r)
	return problem
}

func (g github) mac(r *http.Request) ([]byte, *Problem) {
	text, found := strings.CutPrefix(r.Header.Get(githubHeader), "sha256=")
	mac, err := hex.DecodeString(text)
	if !found || err != nil || len(mac) != 32 {
		return nil, badSignature("want the header %s: sha256= and 64 hexadecimal digits: give the webhook a secret", githubHeader)
	}
	return mac, nil
}

func (g github) verify(r *http.Request, body []byte, _ time.Time) (string, *Problem) {
	mac, problem := g.mac(r)
	if problem != nil {
		return "", problem
	}
	if !g.keys.signed(mac, body) {
		return "", badSignature("%s is not the signature of this body under a secret of this door, nothing was written: set the webhook's secret to the one that the gateway has", githubHeader)
	}
	return digest(body), nil
}

// handshake answers the ping that GitHub sends when a webhook is made.
func (g github) handshake(w http.ResponseWriter, r *http.Request, _ []byte) bool {
	if r.Method != http.MethodPost || r.Header.Get("X-GitHub-Event") != "ping" {
		return false
	}
	writeJSON(w, http.StatusOK, "application/json", map[string]bool{"pong": true})
	return true
}
