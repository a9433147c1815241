package ingest

import (
	"fmt"
	"net/http"
	"sync"

	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/normalize"
)

// door takes the pushes of one vendor for one tenant and source.
type door struct {
	config.Door
	format *normalize.Format
	scheme scheme
	seen   deliveries
}

func newDoors(list []config.Door, formats map[string]*normalize.Format) (map[string]*door, error) {
	doors := map[string]*door{}
	for _, c := range list {
		d := &door{Door: c, format: formats[c.Source], scheme: schemeOf(c)}
		if d.format == nil {
			return nil, fmt.Errorf("door %s: no source is named %q: `runledger sources` lists them", c.Name, c.Source)
		}
		if d.scheme == nil || len(c.Keys) == 0 {
			return nil, fmt.Errorf("door %s: scheme %q with %d secrets: want a known scheme and a secret", c.Name, c.Scheme, len(c.Keys))
		}
		doors[c.Name] = d
	}
	return doors, nil
}

// handleDoor is the way of one push to a door: who, read, proof, store.
func (g *Gateway) handleDoor(w http.ResponseWriter, r *http.Request) {
	d := g.doors[r.PathValue("door")]
	if d == nil {
		g.refuse(w, newProblem(http.StatusNotFound, codeUnknownDoor, "no door is named %q: they stand under gateway.doors", clipText(r.PathValue("door"), 64)))
		return
	}
	receipt, problem := g.enterDoor(w, r, d)
	switch {
	case problem != nil:
		g.refuse(w, problem)
	case receipt == nil: // the scheme has answered
		g.metrics.answered(http.StatusOK)
	case receipt.Replayed:
		g.metrics.replays(d.Name)
		g.metrics.answered(http.StatusOK)
		writeJSON(w, http.StatusOK, "application/json", receipt)
	default:
		g.metrics.answered(http.StatusAccepted)
		writeJSON(w, http.StatusAccepted, "application/json", receipt)
	}
}

func (g *Gateway) enterDoor(w http.ResponseWriter, r *http.Request, d *door) (*Receipt, *Problem) {
	now := g.cfg.Now()
	if problem := d.scheme.early(r, now); problem != nil {
		return nil, problem
	}
	if r.Method != http.MethodPost {
		if d.scheme.handshake(w, r, nil) {
			return nil, nil
		}
		w.Header().Set("Allow", http.MethodPost)
		return nil, newProblem(http.StatusMethodNotAllowed, codeMethod, "%s does nothing here: push with POST", clipText(r.Method, 16))
	}
	if !g.enter(r.Context()) {
		return nil, busy()
	}
	defer g.leave()
	body, problem := readBody(w, r, g.cfg.Gateway, g.patience)
	if problem != nil {
		return nil, problem
	}
	delivery, problem := d.scheme.verify(r, body.data, now)
	if problem != nil {
		return nil, problem
	}
	if d.scheme.handshake(w, r, body.data) {
		return nil, nil
	}
	if d.seen.has(delivery) {
		return &Receipt{Replayed: true, Topic: g.cfg.Kafka.Topic}, nil
	}
	headers, binary, problem := messageHeaders(r, d.Tenant, d.SourceURI, d.format)
	if problem != nil {
		return nil, problem
	}
	receipt, problem := g.store(r, pushed{tenant: d.Tenant, format: d.format, headers: headers, binary: binary, body: body})
	if problem == nil {
		d.seen.add(delivery)
	}
	return receipt, problem
}

// maxDeliveries is how many deliveries of a door are remembered: at a hundred a
// second longer than maxSkew, both ways.
const maxDeliveries = 1 << 16

// deliveries remembers what was stored, the latest maxDeliveries. What is older
// is stored again under the event ids that it has already, and counted once.
// Only what was stored is remembered: what is refused will be sent again.
type deliveries struct {
	mu    sync.Mutex
	known map[string]struct{}
	ring  []string
	next  int
}

func (d *deliveries) has(name string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, found := d.known[name]
	return found
}

func (d *deliveries) add(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, found := d.known[name]; found {
		return
	}
	if d.known == nil {
		d.known = map[string]struct{}{}
	}
	d.known[name] = struct{}{}
	if len(d.ring) < maxDeliveries {
		d.ring = append(d.ring, name)
		return
	}
	delete(d.known, d.ring[d.next])
	d.ring[d.next] = name
	d.next = (d.next + 1) % maxDeliveries
}
