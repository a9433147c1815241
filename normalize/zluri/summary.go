package zluri

import (
	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/cloudevents"
	"github.com/runledger/runledger/normalize/jsonx"
)

// stamp is a time and how the source wrote it.
type stamp struct {
	at   normalize.Micros
	text string
}

func (m *mapper) time(v jsonx.Value) (stamp, error) {
	at, err := cloudevents.Time(m.c, v)
	if err != nil || at == 0 {
		return stamp{}, err
	}
	return stamp{at, v.Str()}, nil
}

func (s stamp) later(o stamp) stamp {
	if o.at > s.at {
		return o
	}
	return s
}

// or returns s, or o where s is unknown.
func (s stamp) or(o stamp) stamp {
	if s.at == 0 {
		return o
	}
	return s
}

// summary is what the latest attempts say about a subject or the run.
type summary struct {
	children    []model.Child
	wait        model.WaitReason
	started     normalize.Micros // earliest start
	ended, last stamp            // latest of all attempts
}

func (s *summary) add(a *attempt) {
	if a.latest {
		s.children = append(s.children, a.status)
		s.waits(a.wait)
	}
	s.span(a.started.at, a.ended, a.last)
}

func (s *summary) merge(o *summary) {
	s.children = append(s.children, o.children...)
	s.waits(o.wait)
	s.span(o.started, o.ended, o.last)
}

// waits keeps the reason that all who wait share.
func (s *summary) waits(reason model.WaitReason) {
	switch {
	case reason == "":
	case s.wait == "":
		s.wait = reason
	case s.wait != reason:
		s.wait = model.WaitUnknown
	}
}

func (s *summary) span(started normalize.Micros, ended, last stamp) {
	if started != 0 && (s.started == 0 || started < s.started) {
		s.started = started
	}
	s.ended, s.last = s.ended.later(ended), s.last.later(last)
}
