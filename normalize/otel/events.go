package otel

import (
	"strings"
	"time"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// stepLog writes the events of the span as Record.StepLog; prompts and answers
// among them go to g.
func (s *span) stepLog(g *genAI) string {
	events := s.plain.Get("events")
	if events.Len() == 0 {
		return ""
	}
	return s.c.Write(func(dst []byte) []byte {
		dst = append(dst, '[')
		for e := events.First(); e.Exists(); e = e.Next() {
			if dst[len(dst)-1] != '[' {
				dst = append(dst, ',')
			}
			dst = s.appendEvent(dst, g, e)
		}
		return append(dst, ']')
	})
}

func (s *span) appendEvent(dst []byte, g *genAI, e jsonx.Value) []byte {
	name, attributes := e.Get("name").Text(), e.Get("attributes")
	dst = append(dst, `{"time":`...)
	if at, err := s.c.EpochTime(e.Get("timeUnixNano"), time.Nanosecond); err == nil && at != 0 {
		dst = append(at.Time().AppendFormat(append(dst, '"'), time.RFC3339Nano), '"')
	} else {
		dst = normalize.AppendString(dst, e.Get("timeUnixNano").Text())
	}
	dst = normalize.AppendString(append(dst, `,"name":`...), name)
	if name == "exception" {
		dst = append(dst, `,"level":"ERROR"`...)
	}
	message := strings.HasPrefix(name, "gen_ai.") && (strings.HasSuffix(name, ".message") || name == "gen_ai.choice" || strings.HasPrefix(name, "gen_ai.content."))
	if message && g.r.Kind == normalize.KindAIStep {
		if name == "gen_ai.choice" || name == "gen_ai.content.completion" {
			g.response.add(name, attributes)
		} else {
			g.request.add(name, attributes)
		}
		return append(dst, '}')
	}
	return append(s.appendRest(dst, g, e), '}')
}

// appendRest appends the attributes of an event that are no content, and the
// members of the event that have no place in a step log.
func (s *span) appendRest(dst []byte, g *genAI, e jsonx.Value) []byte {
	text := e.At("attributes", "exception.message")
	if text.Kind() == jsonx.String {
		dst = s.c.AppendMasked(append(dst, `,"text":`...), "text", text)
	}
	label := `,"attributes":{`
	for m := e.Get("attributes").First(); m.Exists(); m = m.Next() {
		if m.Key() == "exception.message" && text.Kind() == jsonx.String {
			continue
		}
		if p := g.content(m.Key()); p != nil && g.r.Kind == normalize.KindAIStep {
			p.add(m.Key(), m)
			continue
		}
		dst = append(normalize.AppendString(append(dst, label...), m.Key()), ':')
		dst = s.c.AppendMasked(dst, m.Key(), m)
		label = ","
	}
	if label == "," {
		dst = append(dst, '}')
	}
	label = `,"members":{`
	for m := e.First(); m.Exists(); m = m.Next() {
		if key := m.Key(); key == "timeUnixNano" || key == "name" || key == "attributes" && m.Kind() == jsonx.Object {
			continue
		}
		dst = append(normalize.AppendString(append(dst, label...), m.Key()), ':')
		dst = s.c.AppendMasked(dst, m.Key(), m)
		label = ","
	}
	if label == "," {
		dst = append(dst, '}')
	}
	return dst
}
