package ingest

import (
	"net/http"
	"strings"
	"time"

	"github.com/runledger/runledger/normalize/jsonx"
)

// eventGrid is the scheme of Azure Event Grid: a secret in the header
// Authorization or in the parameter code of the address, and a handshake when
// a subscription is made. The address that the handshake offers is never
// asked: whoever can push could make us ask any address.
//
// https://learn.microsoft.com/en-us/azure/event-grid/end-point-validation-event-grid-events-schema
type eventGrid struct{ keys secrets }

func (e eventGrid) early(r *http.Request, _ time.Time) *Problem {
	if r.Method == http.MethodOptions { // comes without headers of the subscription
		return nil
	}
	authorization := r.Header.Get("Authorization")
	if e.keys.equal(authorization) || e.keys.equal(bearerToken(r)) || e.keys.equal(r.URL.Query().Get("code")) {
		return nil
	}
	return wrongSecret("neither the header Authorization nor the parameter code")
}

func (e eventGrid) verify(_ *http.Request, body []byte, _ time.Time) (string, *Problem) {
	return digest(body), nil
}

func (e eventGrid) handshake(w http.ResponseWriter, r *http.Request, body []byte) bool {
	if origin := r.Header.Get("Webhook-Request-Origin"); r.Method == http.MethodOptions && microsoft(origin) {
		w.Header().Set("Webhook-Allowed-Origin", origin)
		w.Header().Set("Allow", http.MethodPost)
		w.WriteHeader(http.StatusOK)
		return true
	}
	if r.Method != http.MethodPost || r.Header.Get("Aeg-Event-Type") != "SubscriptionValidation" {
		return false
	}
	code := validationCode(body)
	if code == "" {
		return false
	}
	writeJSON(w, http.StatusOK, "application/json", map[string]string{"validationResponse": code})
	return true
}

// microsoft reports whether origin is where Event Grid sends from.
func microsoft(origin string) bool {
	switch strings.ToLower(origin) {
	case "eventgrid.azure.net", "eventgrid.azure.us", "eventgrid.azure.cn":
		return true
	default:
		return false
	}
}

// validationCode returns the code of a validation event, or "".
func validationCode(body []byte) string {
	var doc jsonx.Doc
	v, err := doc.Parse(body)
	if err != nil {
		return ""
	}
	if v.Kind() == jsonx.Array {
		v = v.First()
	}
	if v.Get("eventType").Str() != "Microsoft.EventGrid.SubscriptionValidationEvent" {
		return ""
	}
	return v.At("data", "validationCode").Str()
}
