package ingest

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/runledger/runledger/normalize"
)

// Receipt says what became of a push that was written. Pushing the same content
// again gives the same event ids, so a repeated push changes no answer.
type Receipt struct {
	Accepted     int         `json:"accepted"`      // records made of the push
	Rejected     int         `json:"rejected"`      // elements that made none
	Messages     int         `json:"messages"`      // written to the topic, rejects included
	Topic        string      `json:"topic"`         // where they are,
	Partition    int         `json:"partition"`     // all in one partition,
	Offset       int64       `json:"offset"`        // from this offset on, without gaps
	ReceivedTime time.Time   `json:"received_time"` // to the millisecond
	SHA256       string      `json:"sha256"`        // of the body as received, compressed or not
	EventIDs     []string    `json:"event_ids"`     // of the records, in the order of the push
	Rejects      []Rejection `json:"rejects,omitempty"`
	Replayed     bool        `json:"replayed,omitempty"` // stored before, so not again; all else is empty
}

// Rejection says why an element became no record.
type Rejection struct {
	Index  int              `json:"index"`          // of the element in the push, from 0
	Reason normalize.Reason `json:"reason"`         //
	Path   string           `json:"path,omitempty"` // JSON path in the element; absent if it is no JSON
	Offset int              `json:"offset"`         // byte of the body, decompressed
	Detail string           `json:"detail"`         // what was wanted and what was found
	Kept   bool             `json:"kept"`           // its bytes are on the topic, for the dead letters
}

// Problem is an error answer (RFC 9457, application/problem+json).
type Problem struct {
	Title   string      `json:"title"`
	Status  int         `json:"status"`
	Detail  string      `json:"detail"`             // what, where, why, and what to do
	Code    string      `json:"code"`               // for programs, from a closed set
	Limit   int64       `json:"limit,omitempty"`    // the limit that was passed
	Sources []string    `json:"sources,omitempty"`  // the known ones
	Rejects []Rejection `json:"rejects,omitempty"`  // what is wrong with each element
	Unknown bool        `json:"unknown,omitempty"`  // it may have been written all the same; push it again
	Retry   int         `json:"retry_in,omitempty"` // seconds; also in Retry-After
}

// The codes of a Problem.
const (
	codeUnauthorized  = "unauthorized"
	codeSignature     = "bad_signature"
	codeStale         = "stale"
	codeUnknownDoor   = "unknown_door"
	codeUnknownSource = "unknown_source"
	codeMethod        = "method_not_allowed"
	codeMediaType     = "unsupported_media_type"
	codeBadHeader     = "bad_header"
	codeNotJSON       = "not_json"
	codeBadEncoding   = "bad_encoding"
	codeTimeout       = "body_timeout"
	codeRejected      = "all_rejected"
	codeMaxBody       = "max_body"
	codeMaxEvent      = "max_event"
	codeMaxRatio      = "max_ratio"
	codeMaxPieces     = "max_elements"
	codeMaxMessage    = "max_message_bytes"
	codeRate          = "events_per_second"
	codeBusy          = "busy"
	codeBroker        = "broker_unavailable"
)

// Error reads "413 max_body: …".
func (p *Problem) Error() string { return fmt.Sprintf("%d %s: %s", p.Status, p.Code, p.Detail) }

func newProblem(status int, code, format string, args ...any) *Problem {
	return &Problem{Title: http.StatusText(status), Status: status, Code: code, Detail: fmt.Sprintf(format, args...)}
}

func overLimit(code string, limit int64, format string, args ...any) *Problem {
	p := newProblem(http.StatusRequestEntityTooLarge, code, format, args...)
	p.Limit = limit
	return p
}

func (p *Problem) retryIn(d time.Duration) *Problem {
	p.Retry = max(1, int(math.Ceil(d.Seconds())))
	return p
}

func unauthorized() *Problem {
	return newProblem(http.StatusUnauthorized, codeUnauthorized,
		"no valid token: send the header Authorization: Bearer TOKEN, with a token whose SHA-256 stands under gateway.tokens")
}

func busy() *Problem {
	return newProblem(http.StatusServiceUnavailable, codeBusy,
		"%d pushes are being served, nothing was written: push again", maxPushes).retryIn(time.Second)
}

func tooMany(n int, perSecond float64, wait time.Duration) *Problem {
	p := newProblem(http.StatusTooManyRequests, codeRate,
		"%d events are more than the %g a second (gateway.events_per_second) leave room for now, nothing was written: push again in %s", n, perSecond, wait.Round(time.Second/10))
	p.Limit = int64(perSecond)
	return p.retryIn(wait)
}

func wrongMethod(r *http.Request) *Problem {
	return newProblem(http.StatusMethodNotAllowed, codeMethod,
		"%s does nothing here: push with POST, as in curl -X POST -H 'Authorization: Bearer TOKEN' -H 'Content-Type: application/json' --data-binary @FILE %s", r.Method, r.URL.Path)
}

func (g *Gateway) unknownSource(name string) *Problem {
	p := newProblem(http.StatusNotFound, codeUnknownSource,
		"no source is named %q: push to /v1/push/SOURCE, where SOURCE is one of %s", clipText(name, 64), strings.Join(g.sources, ", "))
	p.Sources = g.sources
	return p
}

func (p *Problem) write(w http.ResponseWriter) {
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="runledger"`)
	}
	if p.Retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(p.Retry))
	}
	writeJSON(w, p.Status, "application/problem+json", p)
}

func writeJSON(w http.ResponseWriter, status int, contentType string, v any) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // the sender has gone: nobody is left to be told
}

// clipText keeps attacker's text out of long answers.
func clipText(s string, most int) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
