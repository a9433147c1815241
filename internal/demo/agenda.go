package demo

import (
	"container/heap"
	"time"
)

// feed is one of the sources that a tenant pushes from.
type feed int

const (
	oktaFeed feed = iota
	logicFeed
	scimFeed
	zluriFeed
	appFeed
	feeds
)

// sources are the names of the formats, as the gateway's path wants them.
var sources = [feeds]string{
	oktaFeed: "okta.system_log", logicFeed: "azure.logic_apps", scimFeed: "scim.exchange",
	zluriFeed: "zluri.run_log", appFeed: "cloudevents",
}

// shape is how a tenant's shipper puts several elements into one body.
type shape int

const (
	lines    shape = iota // JSON lines
	array                 // one array
	envelope              // {"records":[…]}
	batched               // a CloudEvents batch
)

var contentTypes = [...]string{
	lines: "application/x-ndjson", array: "application/json", envelope: "application/json",
	batched: "application/cloudevents-batch+json",
}

// item is one element that is due at a time.
type item struct {
	at     time.Time
	seq    int // keeps the order of planning among equals
	tenant *tenant
	feed   feed
	body   []byte
	bad    bool // no reader can take it
	torn   bool // bad, and nothing can follow it in its body
}

// agenda holds what is due, the earliest first.
type agenda []item

func (a agenda) Len() int { return len(a) }

func (a agenda) Less(i, j int) bool {
	if !a[i].at.Equal(a[j].at) {
		return a[i].at.Before(a[j].at)
	}
	return a[i].seq < a[j].seq
}

func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }

// Push is part of heap.Interface.
func (a *agenda) Push(x any) { *a = append(*a, x.(item)) }

// Pop is part of heap.Interface.
func (a *agenda) Pop() any {
	old := *a
	last := old[len(old)-1]
	old[len(old)-1] = item{}
	*a = old[:len(old)-1]
	return last
}

// due takes out the earliest item if it is due before until.
func (a *agenda) due(until time.Time) (item, bool) {
	if len(*a) == 0 || !(*a)[0].at.Before(until) {
		return item{}, false
	}
	return heap.Pop(a).(item), true
}

// The limits of one body: shippers flush by count, by size, or after a while.
const (
	batchCount = 250
	batchBytes = 512 << 10
	batchAge   = 12 * time.Hour
)

// batch is the body that a shipper is filling.
type batch struct {
	tenant *tenant
	feed   feed
	since  time.Time
	items  int
	bad    int
	body   []byte
}

func (b *batch) shape() shape { return b.tenant.shapes[b.feed] }

func (b *batch) add(it item) {
	switch {
	case b.items > 0 && b.shape() == lines:
		b.body = append(b.body, '\n')
	case b.items > 0:
		b.body = append(b.body, ',')
	default:
		b.since = it.at
		b.body = append(b.body, [...]string{lines: "", array: "[", envelope: `{"records":[`, batched: "["}[b.shape()]...)
	}
	b.body = append(b.body, it.body...)
	b.items++
	if it.bad {
		b.bad++
	}
}

// push closes the body and starts a new one.
func (b *batch) push(at time.Time) Push {
	body := append(b.body, [...]string{lines: "\n", array: "]", envelope: "]}", batched: "]"}[b.shape()]...)
	p := Push{
		Tenant: b.tenant.name, Source: sources[b.feed], ContentType: contentTypes[b.shape()],
		Body: body, Time: at, Events: b.items, Bad: b.bad,
	}
	b.items, b.bad, b.body = 0, 0, nil
	return p
}

// shipper collects items into pushes.
type shipper struct{ batches []*batch }

func (s *shipper) of(t *tenant, f feed) *batch {
	for _, b := range s.batches {
		if b.tenant == t && b.feed == f {
			return b
		}
	}
	b := &batch{tenant: t, feed: f}
	s.batches = append(s.batches, b)
	return b
}

// add passes on what it must flush to make room for, or because of, it.
func (s *shipper) add(it item, yield func(Push) bool) bool {
	for _, b := range s.batches {
		if b.items > 0 && it.at.Sub(b.since) > batchAge && !yield(b.push(it.at)) {
			return false
		}
	}
	b := s.of(it.tenant, it.feed)
	b.add(it)
	if it.torn || b.items >= batchCount || len(b.body) >= batchBytes {
		return yield(b.push(it.at))
	}
	return true
}

func (s *shipper) flush(at time.Time, yield func(Push) bool) {
	for _, b := range s.batches {
		if b.items > 0 && !yield(b.push(at)) {
			return
		}
	}
}
