package push

import (
	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/cloudevents"
	"github.com/runledger/runledger/normalize/jsonx"
)

// AIStepType is one step of an AI agent within a run: what it was asked, what
// it answered, what was done because of that, and who looked at it. A later
// event about the same step, such as a review, revises it.
//
// Its data:
//
//	run_id*, step_id*                the step's id is unique within its run
//	source, source_uri               the format the run came by, such as zluri.run_log,
//	                                 and the instance; for a run of this format they are absent
//	action_id                        the action that the step is a part of
//	operation*                       as in OpenTelemetry: chat, invoke_agent, execute_tool, plan, …
//	agent                            {id, name, version}
//	agent_charter_hash               of the instructions the agent works under
//	conversation_id, provider, model
//	prompt_context, output           text or JSON; stored apart from the rest
//	prompt_context_hash, output_hash where they are not sent; else they are computed
//	tool_calls[]                     {id, name, arguments, result_hash}
//	action_taken                     what was done
//	finish_reason                    why the model stopped: stop, length, content_filter, …
//	error                            {code, message}
//	review                           {reviewer, decision, at}; a decision is approved, rejected, edited or not_required
//	tokens                           {input, output}
//	started_at*, ended_at            RFC 3339; a step without an end, an output and an error still runs
const AIStepType = "rl.ai.step.v1"

func mapAIStep(c *normalize.Context, e *cloudevents.Event) error {
	data := e.Data
	if data.Kind() != jsonx.Object {
		return normalize.WrongType(data, "an AI step, which is an object")
	}
	r := c.New(normalize.KindAIStep)
	e.Record(r)
	r.EventType = AIStepType
	s := aiStep{c: c, r: r, data: data}
	if err := s.identity(); err != nil {
		return err
	}
	if err := s.times(); err != nil {
		return err
	}
	if err := s.members(); err != nil {
		return err
	}
	s.result()
	s.content()
	c.KeepText("cloudevents", "id", e.ID)
	e.Keep(c)
	r.Unmapped = c.Kept()
	return nil
}

// aiStep is the step at hand, and its parts that are objects.
type aiStep struct {
	c    *normalize.Context
	r    *normalize.Record
	data jsonx.Value

	prompt, output, tools, fault jsonx.Value
}

func (s *aiStep) identity() (err error) {
	c, r := s.c, s.r
	if r.RunID, err = c.Required(s.data, "run_id"); err != nil {
		return err
	}
	step, err := c.Required(s.data, "step_id")
	if err != nil {
		return err
	}
	r.NativeID = c.Concat(r.RunID, "/", step)
	if source := s.data.Get("source").Text(); source != "" {
		r.RunKey = normalize.RunKeyOf(r.TenantID, source, s.data.Get("source_uri").Text(), r.RunID)
	}
	r.AIOperation, err = c.Required(s.data, "operation")
	return err
}

func (s *aiStep) times() (err error) {
	started, ended := s.data.Get("started_at"), s.data.Get("ended_at")
	if s.r.StartedTime, err = cloudevents.Time(s.c, started); err != nil {
		return err
	}
	if s.r.StartedTime == 0 {
		return normalize.Missing(s.data, "started_at")
	}
	if s.r.EndedTime, err = cloudevents.Time(s.c, ended); err != nil {
		return err
	}
	s.r.EventTime, s.r.EventTimeNative = s.r.StartedTime, started.Str()
	if s.r.EndedTime != 0 {
		s.r.EventTime, s.r.EventTimeNative = s.r.EndedTime, ended.Str()
	}
	s.r.UpdatedTime = max(s.r.StartedTime, s.r.EndedTime)
	return nil
}

//nolint:gocyclo // one case for each member
func (s *aiStep) members() (err error) {
	r := s.r
	for m := s.data.First(); m.Exists() && err == nil; m = m.Next() {
		switch m.Key() {
		case "run_id", "step_id", "operation", "started_at", "ended_at":
		case "action_id":
			err = s.text(&r.ActionID, m)
		case "agent":
			err = s.agent(m)
		case "agent_charter_hash":
			err = s.text(&r.CharterHash, m)
		case "conversation_id":
			err = s.text(&r.ConversationID, m)
		case "provider":
			err = s.text(&r.AIProvider, m)
		case "model":
			err = s.text(&r.RequestModel, m)
		case "prompt_context":
			s.prompt = m
		case "prompt_context_hash":
			err = s.text(&r.PromptHash, m)
		case "output":
			s.output = m
		case "output_hash":
			err = s.text(&r.OutputHash, m)
		case "tool_calls":
			if s.tools = m; m.Kind() != jsonx.Array && !m.IsNull() {
				err = normalize.WrongType(m, "an array of tool calls")
			}
		case "action_taken":
			err = s.text(&r.ActionTaken, m)
		case "finish_reason":
			err = s.text(&r.FinishReason, m)
		case "error":
			s.fault = m
		case "review":
			err = s.review(m)
		case "tokens":
			s.tokens(m)
		default: // also source and source_uri, which are not those of the record
			s.c.Keep(m)
		}
	}
	return err
}

// text sets a field from a member that should be text.
func (s *aiStep) text(field *string, m jsonx.Value) error {
	if m.Kind() == jsonx.Object || m.Kind() == jsonx.Array {
		return normalize.WrongType(m, "a string")
	}
	*field = m.Text()
	return nil
}

func (s *aiStep) agent(v jsonx.Value) error {
	s.r.ActorType = model.ActorAgent
	if v.Kind() != jsonx.Object {
		return s.text(&s.r.ActorName, v)
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "id":
			s.r.ActorID = m.Text()
		case "name":
			s.r.ActorName = m.Text()
		case "version":
			s.r.AgentVersion = m.Text()
		default:
			s.c.KeepIn("agent", m)
		}
	}
	return nil
}

func (s *aiStep) review(v jsonx.Value) (err error) {
	if v.IsNull() {
		return nil
	}
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "an object with reviewer, decision and at")
	}
	for m := v.First(); m.Exists() && err == nil; m = m.Next() {
		switch m.Key() {
		case "reviewer":
			err = s.text(&s.r.Reviewer, m)
		case "decision":
			err = s.text(&s.r.ReviewDecision, m)
		case "at":
			s.r.ReviewTime, err = cloudevents.Time(s.c, m)
			s.r.UpdatedTime = max(s.r.UpdatedTime, s.r.ReviewTime)
		default:
			s.c.KeepIn("review", m)
		}
	}
	return err
}

func (s *aiStep) tokens(v jsonx.Value) {
	if v.Kind() != jsonx.Object {
		s.c.Keep(v)
		return
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		n, ok := m.Int()
		switch {
		case ok && n >= 0 && m.Key() == "input":
			s.r.InputTokens = n
		case ok && n >= 0 && m.Key() == "output":
			s.r.OutputTokens = n
		default:
			s.c.KeepIn("tokens", m)
		}
	}
}

// result sets state, outcome and error. What a reviewer decides is beside the
// outcome: a step that was rejected has worked, too.
func (s *aiStep) result() {
	r := s.r
	switch {
	case s.failed():
		r.State, r.Outcome = model.Terminal, model.Failure
		r.FailureStage = model.StageAI
		r.ErrorCode, r.ErrorMessage = s.fault.Get("code").Text(), s.fault.Get("message").Text()
		if s.fault.Kind() == jsonx.String {
			r.ErrorMessage = s.fault.Str()
		}
		if r.ErrorCode == "" && r.ErrorMessage == "" {
			r.ErrorCode = r.FinishReason
		}
		r.ClassifyAI()
	case r.EndedTime != 0 || r.OutputHash != "" || s.output.Exists() && !s.output.IsNull():
		r.State, r.Outcome = model.Terminal, model.Success
	default:
		r.State = model.Running
	}
	for m := s.fault.First(); m.Exists(); m = m.Next() {
		if k := m.Key(); k != "code" && k != "message" {
			s.c.KeepIn("error", m)
		}
	}
}

func (s *aiStep) failed() bool {
	return s.fault.Exists() && !s.fault.IsNull() || s.r.FinishReason == "content_filter"
}

// content stores the prompt, the output and the arguments of tool calls.
func (s *aiStep) content() {
	r := s.r
	prompt, output := s.stored(s.prompt, &r.PromptHash), s.stored(s.output, &r.OutputHash)
	var tools string
	if s.tools.Len() > 0 {
		r.ToolCalls = s.toolCalls()
		tools = s.c.JSON(s.tools)
	}
	r.Payload = s.c.Members("parameters", tools, "request", prompt, "response", output)
}

// stored returns v as it is to be stored, and sets the hash of that unless the
// source has sent one.
func (s *aiStep) stored(v jsonx.Value, hash *string) string {
	if !v.Exists() || v.IsNull() {
		return ""
	}
	prose := normalize.Prose(v)
	if !prose.Exists() {
		return s.c.Write(func(dst []byte) []byte { return s.c.AppendWithheld(dst, v.Key()) })
	}
	text := s.c.JSON(prose)
	if *hash == "" {
		*hash = s.c.HashOf(text)
	}
	return text
}

// toolCalls lists the calls without what went into them.
func (s *aiStep) toolCalls() string {
	return s.c.Write(func(dst []byte) []byte {
		dst = append(dst, '[')
		for call := s.tools.First(); call.Exists(); call = call.Next() {
			if dst[len(dst)-1] != '[' {
				dst = append(dst, ',')
			}
			dst = append(dst, '{')
			for _, key := range [...]string{"id", "name", "result_hash"} {
				text := call.Get(key).Text()
				if text == "" {
					continue
				}
				if dst[len(dst)-1] != '{' {
					dst = append(dst, ',')
				}
				dst = append(normalize.AppendString(dst, key), ':')
				dst = normalize.AppendString(dst, text)
			}
			dst = append(dst, '}')
		}
		return append(dst, ']')
	})
}
