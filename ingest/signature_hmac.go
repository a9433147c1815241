package ingest

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxSkew is how far the clock of a sender may be from ours.
const maxSkew = 5 * time.Minute

// standardWebhooks is the scheme of the Standard Webhooks specification:
// HMAC-SHA256 over id, timestamp and body, with several signatures while a
// secret is changed.
//
// https://www.standardwebhooks.com
type standardWebhooks struct{ keys secrets }

// newStandardWebhooks takes secrets as they are, or as whsec_ and base64.
func newStandardWebhooks(keys []string) standardWebhooks {
	var s standardWebhooks
	for _, key := range keys {
		if text, found := strings.CutPrefix(key, "whsec_"); found {
			if plain, err := base64.StdEncoding.DecodeString(text); err == nil {
				key = string(plain)
			}
		}
		s.keys = append(s.keys, key)
	}
	return s
}

func (s standardWebhooks) early(r *http.Request, now time.Time) *Problem {
	id, sent, list := r.Header.Get("Webhook-Id"), r.Header.Get("Webhook-Timestamp"), r.Header.Get("Webhook-Signature")
	if id == "" || len(id) > 256 || sent == "" || list == "" || len(list) > 4096 {
		return badSignature("want the headers webhook-id, webhook-timestamp and webhook-signature")
	}
	seconds, err := strconv.ParseInt(sent, 10, 64)
	if err != nil {
		return badSignature("webhook-timestamp: want seconds since 1970, got %q", clipText(sent, 32))
	}
	if skew := now.Sub(time.Unix(seconds, 0)); skew.Abs() > maxSkew {
		return newProblem(http.StatusUnauthorized, codeStale,
			"webhook-timestamp %s is more than %s from the clock here (%d), nothing was written: sign anew when you send again, and set your clock", clipText(sent, 32), maxSkew, now.Unix())
	}
	return nil
}

func (s standardWebhooks) verify(r *http.Request, body []byte, _ time.Time) (string, *Problem) {
	id, sent := r.Header.Get("Webhook-Id"), r.Header.Get("Webhook-Timestamp")
	for _, signature := range strings.Fields(r.Header.Get("Webhook-Signature")) {
		version, text, _ := strings.Cut(signature, ",")
		mac, err := base64.StdEncoding.DecodeString(text)
		if version == "v1" && err == nil && s.keys.signed(mac, []byte(id), []byte("."), []byte(sent), []byte("."), body) {
			return id + digest(body), nil // an id that comes with another body is another delivery
		}
	}
	return "", badSignature("webhook-signature is none of this id, timestamp and body under a secret of this door, nothing was written: sign id.timestamp.body with HMAC-SHA256 and send v1, and the base64 of it")
}

func (s standardWebhooks) handshake(http.ResponseWriter, *http.Request, []byte) bool { return false }
