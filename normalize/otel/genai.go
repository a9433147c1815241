package otel

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// genAI collects the gen_ai attributes of an AI step.
type genAI struct {
	c *normalize.Context
	r *normalize.Record

	tool, call string
	old        []jsonx.Value // attributes under a name that has been replaced

	parameters, request, response part
}

// part is one member of the payload: contents by name.
type part struct {
	names  []string
	values []jsonx.Value
}

func (p *part) add(name string, v jsonx.Value) {
	if v.Exists() && !v.IsNull() {
		p.names, p.values = append(p.names, name), append(p.values, v)
	}
}

// take sets a field from a gen_ai attribute; false leaves it to be kept.
func (g *genAI) take(m jsonx.Value) bool {
	if p := g.content(m.Key()); p != nil {
		p.add(m.Key(), m)
		return true
	}
	switch m.Key() {
	case "gen_ai.usage.input_tokens":
		return number(&g.r.InputTokens, m)
	case "gen_ai.usage.output_tokens":
		return number(&g.r.OutputTokens, m)
	case "gen_ai.response.finish_reasons", "gen_ai.response.finish_reason":
		return g.finishReasons(m)
	case "gen_ai.system", "gen_ai.usage.prompt_tokens", "gen_ai.usage.completion_tokens":
		g.old = append(g.old, m)
		return true
	}
	field := g.field(m.Key())
	if field == nil || m.Text() == "" {
		return false
	}
	*field = m.Text()
	return true
}

func (g *genAI) field(key string) *string {
	switch key {
	case "gen_ai.operation.name":
		return &g.r.AIOperation
	case "gen_ai.provider.name":
		return &g.r.AIProvider
	case "gen_ai.request.model":
		return &g.r.RequestModel
	case "gen_ai.response.model":
		return &g.r.ResponseModel
	case "gen_ai.response.id":
		return &g.r.ProviderRef
	case "gen_ai.conversation.id":
		return &g.r.ConversationID
	case "gen_ai.agent.id":
		return &g.r.ActorID
	case "gen_ai.agent.name":
		return &g.r.ActorName
	case "gen_ai.agent.version":
		return &g.r.AgentVersion
	case "gen_ai.tool.name":
		return &g.tool
	case "gen_ai.tool.call.id":
		return &g.call
	default:
		return nil
	}
}

// content returns the part of the payload that an attribute belongs to, or nil
// if it is no content. Older instrumentation numbers the messages:
// gen_ai.prompt.0.content.
func (g *genAI) content(key string) *part {
	switch key {
	case "gen_ai.input.messages", "gen_ai.system_instructions", "gen_ai.tool.call.arguments", "gen_ai.prompt":
		return &g.request
	case "gen_ai.output.messages", "gen_ai.tool.call.result", "gen_ai.completion":
		return &g.response
	case "gen_ai.tool.definitions":
		return &g.parameters
	}
	switch {
	case strings.HasPrefix(key, "gen_ai.prompt."):
		return &g.request
	case strings.HasPrefix(key, "gen_ai.completion."):
		return &g.response
	default:
		return nil
	}
}

func number(field *int64, m jsonx.Value) bool {
	n, ok := m.Int()
	if ok && n >= 0 {
		*field = n
		return true
	}
	return false
}

// finishReasons are one for each choice; usually there is one.
func (g *genAI) finishReasons(m jsonx.Value) bool {
	if m.Kind() != jsonx.Array {
		g.r.FinishReason = m.Text()
		return m.Text() != ""
	}
	var reasons []string
	for i := m.First(); i.Exists(); i = i.Next() {
		if i.Text() == "" {
			return false
		}
		reasons = append(reasons, i.Text())
	}
	g.r.FinishReason = strings.Join(reasons, " ")
	return true
}

// oldNames uses the attributes under replaced names where the new ones are
// absent, and keeps those that say something else.
func (g *genAI) oldNames() {
	for _, m := range g.old {
		used := false
		switch m.Key() {
		case "gen_ai.system":
			if used = g.r.AIProvider == "" || g.r.AIProvider == m.Text(); used {
				g.r.AIProvider = m.Text()
			}
		case "gen_ai.usage.prompt_tokens":
			n, ok := m.Int()
			used = (g.r.InputTokens == 0 || ok && n == g.r.InputTokens) && number(&g.r.InputTokens, m)
		case "gen_ai.usage.completion_tokens":
			n, ok := m.Int()
			used = (g.r.OutputTokens == 0 || ok && n == g.r.OutputTokens) && number(&g.r.OutputTokens, m)
		}
		if !used {
			g.c.Keep(m)
		}
	}
	if g.r.ActorID != "" || g.r.ActorName != "" {
		g.r.ActorType = model.ActorAgent
	}
}

// write sets the payload, its hashes, and the list of tool calls.
func (g *genAI) write() {
	if g.r.Kind != normalize.KindAIStep {
		return
	}
	request, response := g.stored(&g.request), g.stored(&g.response)
	g.r.PromptHash, g.r.OutputHash = g.c.HashOf(request), g.c.HashOf(response)
	g.r.Payload = g.c.Members("parameters", g.stored(&g.parameters), "request", request, "response", response)
	if g.tool == "" && g.call == "" {
		return
	}
	g.r.ToolCalls = g.c.Write(func(dst []byte) []byte {
		dst = append(dst, `[{`...)
		for _, m := range [...]struct{ key, text string }{{"id", g.call}, {"name", g.tool}, {"result_hash", g.r.OutputHash}} {
			if m.text == "" {
				continue
			}
			if dst[len(dst)-1] != '{' {
				dst = append(dst, ',')
			}
			dst = append(normalize.AppendString(dst, m.key), ':')
			dst = normalize.AppendString(dst, m.text)
		}
		return append(dst, `}]`...)
	})
}

// stored returns a part as a JSON array of its contents in their order, each
// under its name, for messages may share one. It is "" if there are none.
func (g *genAI) stored(p *part) string {
	if len(p.names) == 0 {
		return ""
	}
	return g.c.Write(func(dst []byte) []byte {
		dst = append(dst, '[')
		for i, name := range p.names {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(normalize.AppendString(append(dst, '{'), name), ':')
			if v := normalize.Prose(p.values[i]); v.Exists() {
				dst = g.c.AppendMasked(dst, name, v)
			} else {
				dst = g.c.AppendWithheld(dst, name)
			}
			dst = append(dst, '}')
		}
		return append(dst, ']')
	})
}
