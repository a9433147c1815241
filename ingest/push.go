package ingest

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/segmentio/kafka-go"

	"github.com/runledger/runledger/normalize"
)

// pushBatch is a push taken apart.
type pushBatch struct {
	out      outgoing // one message for each element, its bytes as they came
	eventIDs []string
	rejects  []Rejection
	notJSON  int // rejects that are no JSON at all
}

// sorter takes pushes apart. It owns the buffers that this needs and serves one
// push at a time.
type sorter struct {
	n     normalize.Normalizer
	batch normalize.Batch
}

// sort makes a message of each element of data and normalises it, to know its
// event ids or what is wrong. A whole body is one element (CloudEvents binary mode).
func (s *sorter) sort(f *normalize.Format, tenant string, headers []kafka.Header, received time.Time, data []byte, whole bool, maxEvent int64) (pushBatch, *Problem) {
	p := pushBatch{out: outgoing{headers: headers, time: received}}
	raw := normalize.Raw{Tenant: tenant, ReceivedTime: normalize.FromTime(received)}
	for _, h := range headers {
		if h.Key == headerSourceURI {
			raw.SourceURI = string(h.Value)
		}
		raw.Headers = append(raw.Headers, normalize.Header{Key: h.Key, Value: h.Value})
	}
	index, tooLarge := 0, 0
	add := func(piece []byte, offset int, refused *normalize.Error) bool {
		switch {
		case index == maxPieces:
			index++
			return false
		case int64(len(piece)) > maxEvent:
			tooLarge++
			p.reject(index, offset, false, normalize.Error{
				Reason: normalize.LimitExceeded, Path: "$",
				Detail: fmt.Sprintf("%d bytes are more than the %d an element may have (gateway.max_event); it was not kept", len(piece), maxEvent),
			})
		case refused != nil:
			p.notJSON += isNot(refused.Reason)
			p.reject(index, 0, true, *refused)
			p.out.values = append(p.out.values, piece)
		default:
			raw.Value = piece
			s.normalize(&p, f, raw, index, offset)
			p.out.values = append(p.out.values, piece)
		}
		index++
		return true
	}
	if whole && len(data) > 0 {
		add(data, 0, nil)
	} else {
		f.Split(data, false, add)
	}
	return p, p.problem(index, tooLarge, maxEvent)
}

// isNot is 1 for reasons that mean that the text is no JSON.
func isNot(r normalize.Reason) int {
	switch r {
	case normalize.Malformed, normalize.Truncated, normalize.BadEncoding:
		return 1
	default:
		return 0
	}
}

func (s *sorter) normalize(p *pushBatch, f *normalize.Format, raw normalize.Raw, index, offset int) {
	s.batch.Clear()
	s.n.Reset()
	s.n.Append(&s.batch, f, raw)
	for i := range s.batch.Records {
		p.eventIDs = append(p.eventIDs, s.batch.Records[i].EventID.String())
	}
	for i := range s.batch.Rejects {
		p.reject(index, offset, true, s.batch.Rejects[i].Error)
	}
}

// reject notes what is wrong; the offset of e counts from base.
func (p *pushBatch) reject(index, base int, kept bool, e normalize.Error) {
	p.rejects = append(p.rejects, Rejection{
		Index: index, Reason: e.Reason, Path: clipText(e.Path, 256), Offset: base + e.Offset,
		Detail: clipText(e.Detail, 512), Kept: kept,
	})
}

// problem is why nothing of the push is written, if so. Where at least one
// element is good, the others go with it: the collector keeps them as dead letters.
func (p *pushBatch) problem(elements, tooLarge int, maxEvent int64) *Problem {
	if elements > maxPieces {
		return overLimit(codeMaxPieces, maxPieces, "the body holds more than %d elements, nothing was written: send it in parts", maxPieces)
	}
	if len(p.eventIDs) > 0 {
		return nil
	}
	for i := range p.rejects {
		p.rejects[i].Kept = false
	}
	var problem *Problem
	switch {
	case elements == 0:
		return newProblem(http.StatusBadRequest, codeNotJSON, "the body is empty: send a JSON value, an array of them, or lines")
	case tooLarge > 0:
		problem = overLimit(codeMaxEvent, maxEvent, "element %d, at byte %d, is larger than %d bytes (gateway.max_event), and no other element is good; nothing was written: send smaller events",
			p.first(normalize.LimitExceeded).Index, p.first(normalize.LimitExceeded).Offset, maxEvent)
	case p.notJSON == len(p.rejects):
		first := p.rejects[0]
		problem = newProblem(http.StatusBadRequest, codeNotJSON, "the body is not JSON: %s at byte %d: %s; nothing was written: send a JSON value, an array of them, or JSON lines",
			first.Reason, first.Offset, first.Detail)
	default:
		problem = newProblem(http.StatusUnprocessableEntity, codeRejected, "none of %d elements can be read as an event of this source, nothing was written: rejects says why; the first: %s",
			elements, p.rejects[0].text())
	}
	problem.Rejects = p.rejects
	return problem
}

func (p *pushBatch) first(r normalize.Reason) *Rejection {
	for i := range p.rejects {
		if p.rejects[i].Reason == r {
			return &p.rejects[i]
		}
	}
	return &Rejection{}
}

func (r *Rejection) text() string {
	e := normalize.Error{Reason: r.Reason, Path: r.Path, Offset: r.Offset, Detail: r.Detail}
	return e.Error()
}

// contentTypes are the media types of a body, besides anything that ends in
// +json, and text/plain for sources that write lines.
var contentTypes = map[string]bool{
	"": true, "application/x-www-form-urlencoded": true, // what curl says of --data-binary
	"application/json": true, "text/json": true, "application/x-ndjson": true, "application/ndjson": true,
	"application/jsonl": true, "application/json-lines": true, "application/gzip": true, "application/octet-stream": true,
}

// messageHeaders returns the headers of the messages that a request becomes,
// and whether its body is the data of one CloudEvent in binary mode.
func messageHeaders(r *http.Request, tenant, uri string, f *normalize.Format) (headers []kafka.Header, binary bool, problem *Problem) {
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if charset := params["charset"]; r.Header.Get("Content-Type") != "" && err != nil ||
		!contentTypes[media] && !strings.HasSuffix(media, "+json") && (f.MapLine == nil || media != "text/plain") || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return nil, false, newProblem(http.StatusUnsupportedMediaType, codeMediaType,
			"Content-Type %q is not read here: send application/json, application/x-ndjson, application/cloudevents+json or application/cloudevents-batch+json (text/plain where a source writes lines), in UTF-8", clipText(r.Header.Get("Content-Type"), 128))
	}
	headers = []kafka.Header{
		{Key: headerSource, Value: []byte(f.Name)},
		{Key: headerTenant, Value: []byte(tenant)},
	}
	if uri != "" {
		if len(uri) > maxSourceURI || !utf8.ValidString(uri) {
			return nil, false, newProblem(http.StatusBadRequest, codeBadHeader, "source_uri: want at most %d bytes of UTF-8, got %d", maxSourceURI, len(uri))
		}
		headers = append(headers, kafka.Header{Key: headerSourceURI, Value: []byte(uri)})
	}
	headers, problem = appendEvent(headers, r.Header)
	if problem != nil {
		return nil, false, problem
	}
	binary = r.Header.Get("Ce-Specversion") != ""
	if binary && media != "" {
		headers = append(headers, kafka.Header{Key: "content-type", Value: []byte(media)})
	}
	return headers, binary, nil
}

// appendEvent turns the CloudEvents attributes of an HTTP request (ce-id, in
// printable ASCII) into those of a Kafka message (ce_id, in UTF-8).
func appendEvent(headers []kafka.Header, from http.Header) ([]kafka.Header, *Problem) {
	count := 0
	for name, values := range from {
		attribute, found := strings.CutPrefix(strings.ToLower(name), "ce-")
		if !found {
			continue
		}
		if count++; count > maxEventHeaders {
			return nil, newProblem(http.StatusBadRequest, codeBadHeader, "more than %d CloudEvents attributes in headers", maxEventHeaders)
		}
		value, err := url.PathUnescape(strings.Trim(values[0], `"`))
		if err != nil || len(values) > 1 || !utf8.ValidString(value) {
			return nil, newProblem(http.StatusBadRequest, codeBadHeader,
				"header %s: want one value, percent-encoded UTF-8 (CloudEvents HTTP binding 3.1.3.2), got %q", name, clipText(values[0], 64))
		}
		headers = append(headers, kafka.Header{Key: "ce_" + attribute, Value: []byte(value)})
	}
	return headers, nil
}
