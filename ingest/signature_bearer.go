package ingest

import (
	"net/http"
	"strings"
	"time"
)

// bearer is a secret in the header Authorization: Bearer SECRET (RFC 6750).
type bearer struct{ keys secrets }

func (b bearer) early(r *http.Request, _ time.Time) *Problem {
	if !b.keys.equal(bearerToken(r)) {
		return wrongSecret("the header Authorization: Bearer SECRET")
	}
	return nil
}

// bearerToken returns the token of a request, or "".
func bearerToken(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

func (b bearer) verify(_ *http.Request, body []byte, _ time.Time) (string, *Problem) {
	return digest(body), nil
}

func (b bearer) handshake(http.ResponseWriter, *http.Request, []byte) bool { return false }
