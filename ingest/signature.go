package ingest

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"time"

	"github.com/runledger/runledger/internal/config"
)

// scheme is how a vendor proves that a push is its own.
type scheme interface {
	// early refuses what its headers alone show to be somebody else's, before
	// the body is read.
	early(r *http.Request, now time.Time) *Problem
	// verify returns what names the delivery: the same again is a replay. It
	// must be covered by the proof.
	verify(r *http.Request, body []byte, now time.Time) (delivery string, problem *Problem)
	// handshake answers what is no delivery. It returns false if this is one.
	handshake(w http.ResponseWriter, r *http.Request, body []byte) bool
}

// schemeOf returns the scheme of d.
func schemeOf(d config.Door) scheme {
	keys := secrets(d.Keys)
	switch d.Scheme {
	case config.SchemeGitHub:
		return github{keys}
	case config.SchemeHMAC:
		return newStandardWebhooks(d.Keys)
	case config.SchemeOkta:
		return oktaHook{keys}
	case config.SchemeEventGrid:
		return eventGrid{keys}
	case config.SchemeBearer:
		return bearer{keys}
	default:
		return nil
	}
}

// secrets are the ones that are good at the moment.
type secrets []string

// equal reports whether text is one of them. Each is compared, in constant time.
func (s secrets) equal(text string) bool {
	got, found := sha256.Sum256([]byte(text)), 0
	for _, key := range s {
		want := sha256.Sum256([]byte(key))
		found |= subtle.ConstantTimeCompare(got[:], want[:])
	}
	return found == 1 && text != ""
}

// signed reports whether mac is the HMAC-SHA256 of parts under one of them.
func (s secrets) signed(mac []byte, parts ...[]byte) bool {
	found := 0
	for _, key := range s {
		h := hmac.New(sha256.New, []byte(key))
		for _, part := range parts {
			h.Write(part)
		}
		found |= subtle.ConstantTimeCompare(mac, h.Sum(nil))
	}
	return found == 1
}

// digest names a delivery by its content, where the vendor's name of it is not
// covered by the proof.
func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return string(sum[:])
}

func badSignature(format string, args ...any) *Problem {
	return newProblem(http.StatusUnauthorized, codeSignature, format, args...)
}

func wrongSecret(where string) *Problem {
	return badSignature("%s does not hold a secret of this door, nothing was written: set the one that the gateway has", where)
}
