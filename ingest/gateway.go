package ingest

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/segmentio/kafka-go"
	"golang.org/x/time/rate"

	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/internal/kafkaconn"
	"github.com/runledger/runledger/normalize"
)

// Limits of one push that are not configured.
const (
	// maxPieces is how many elements one push may hold: the receipt names each.
	maxPieces = 10_000

	maxPushes       = 16               // at a time; each may hold max_body several times over
	bodyTimeout     = 30 * time.Second // for the whole body to arrive
	slotTimeout     = time.Second      // to wait while maxPushes others are served
	produceTimeout  = 10 * time.Second // for the brokers to acknowledge
	maxSourceURI    = 2048             // bytes
	maxEventHeaders = 64               // CloudEvents attributes in HTTP headers
)

// GatewayConfig is what a Gateway needs. All but Logger, Registry and Now are required.
type GatewayConfig struct {
	Kafka    config.Kafka
	Gateway  config.Gateway
	Formats  map[string]*normalize.Format // by name
	Logger   *slog.Logger                 // nil: silent
	Registry prometheus.Registerer        // nil: not counted
	Now      func() time.Time             // nil: time.Now; the arrival of a push
}

// Gateway takes pushed payloads over HTTP and writes them to Kafka. It answers
// 202 when every replica has acknowledged them, and otherwise says what is
// wrong and leaves nothing behind.
type Gateway struct {
	cfg      GatewayConfig
	sources  []string // sorted names of the formats
	broker   producer
	client   *kafka.Client
	limiters map[string]*rate.Limiter // by tenant; nil: no bound
	slots    chan struct{}
	sorters  sync.Pool // *sorter
	doors    map[string]*door
	patience time.Duration // bodyTimeout
	metrics  *gatewayMetrics
}

// NewGateway returns a Gateway. It does not connect: the first push does.
func NewGateway(cfg GatewayConfig) (*Gateway, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	metrics, err := newGatewayMetrics(cfg.Registry)
	if err != nil {
		return nil, err
	}
	client := kafkaconn.Client(cfg.Kafka, produceTimeout)
	g := &Gateway{
		cfg: cfg, client: client, broker: &kafkaProducer{client: client, topic: cfg.Kafka.Topic},
		limiters: map[string]*rate.Limiter{}, slots: make(chan struct{}, maxPushes), metrics: metrics, patience: bodyTimeout,
	}
	g.sorters.New = func() any { return new(sorter) }
	for name := range cfg.Formats {
		g.sources = append(g.sources, name)
	}
	slices.Sort(g.sources)
	if g.doors, err = newDoors(cfg.Gateway.Doors, cfg.Formats); err != nil {
		return nil, err
	}
	for _, t := range cfg.Gateway.Tokens {
		g.limit(t.Tenant)
	}
	for _, d := range cfg.Gateway.Doors {
		g.limit(d.Tenant)
	}
	return g, nil
}

func (g *Gateway) limit(tenant string) {
	if limit := g.cfg.Gateway.EventsPerSecond; limit > 0 {
		g.limiters[tenant] = rate.NewLimiter(rate.Limit(limit), max(maxPieces, int(limit)))
	}
}

// Routes adds the paths of the gateway to mux.
func (g *Gateway) Routes(mux *http.ServeMux) {
	mux.HandleFunc("POST /v1/push/{source}", g.handlePush)
	mux.HandleFunc("/v1/push/{source}", g.handleOther)
	mux.HandleFunc("/v1/doors/{door}", g.handleDoor)
	for _, path := range [...]string{"/v1/push", "/v1/push/"} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			g.refuse(w, g.unknownSource(strings.TrimPrefix(r.URL.Path, path)))
		})
	}
}

// Handler serves the paths of the gateway alone.
func (g *Gateway) Handler() http.Handler {
	mux := http.NewServeMux()
	g.Routes(mux)
	return mux
}

// Ready returns nil when a broker answers. It asks twice: the connection at
// hand may be to a broker that has since been restarted.
func (g *Gateway) Ready(ctx context.Context) error {
	_, err := g.client.ApiVersions(ctx, &kafka.ApiVersionsRequest{})
	if err != nil {
		_, err = g.client.ApiVersions(ctx, &kafka.ApiVersionsRequest{})
	}
	return err
}

func (g *Gateway) handlePush(w http.ResponseWriter, r *http.Request) {
	receipt, problem := g.push(w, r)
	if problem != nil {
		g.refuse(w, problem)
		return
	}
	g.metrics.answered(http.StatusAccepted)
	writeJSON(w, http.StatusAccepted, "application/json", receipt)
}

// push is the way of one push: who, what, read, store.
func (g *Gateway) push(w http.ResponseWriter, r *http.Request) (*Receipt, *Problem) {
	tenant, problem := g.authenticate(r)
	if problem != nil {
		return nil, problem
	}
	name := r.PathValue("source")
	format := g.cfg.Formats[name]
	if format == nil {
		return nil, g.unknownSource(name)
	}
	headers, binary, problem := messageHeaders(r, tenant, r.URL.Query().Get("source_uri"), format)
	if problem != nil {
		return nil, problem
	}
	if !g.enter(r.Context()) {
		return nil, busy()
	}
	defer g.leave()
	body, problem := readBody(w, r, g.cfg.Gateway, g.patience)
	if problem != nil {
		return nil, problem
	}
	return g.store(r, pushed{tenant: tenant, format: format, headers: headers, binary: binary, body: body})
}

// pushed is what a sender who is known sent.
type pushed struct {
	tenant  string
	format  *normalize.Format
	headers []kafka.Header
	binary  bool // the body is the data of one CloudEvent
	body    body
}

// store is the rest of the way: take apart, allow, write.
func (g *Gateway) store(r *http.Request, p pushed) (*Receipt, *Problem) {
	g.metrics.received(p.format.Name, p.body.wire)
	s := g.sorters.Get().(*sorter)
	defer g.sorters.Put(s)
	// Kafka keeps milliseconds, and the collector reads the time from there.
	received := g.cfg.Now().UTC().Truncate(time.Millisecond)
	batch, problem := s.sort(p.format, p.tenant, p.headers, received, p.body.data, p.binary, g.cfg.Gateway.MaxEvent)
	g.metrics.rejects(p.format.Name, batch.rejects)
	if problem != nil {
		return nil, problem
	}
	if problem := g.allow(p.tenant, len(batch.out.values)); problem != nil {
		return nil, problem
	}
	placed, problem := g.produce(r, batch.out)
	if problem != nil {
		return nil, problem
	}
	g.metrics.accept(p.format.Name, len(batch.eventIDs))
	return &Receipt{
		Accepted: len(batch.eventIDs), Rejected: len(batch.rejects), Messages: len(batch.out.values),
		Topic: g.cfg.Kafka.Topic, Partition: placed.partition, Offset: placed.offset,
		ReceivedTime: received, SHA256: hex.EncodeToString(p.body.sum[:]),
		EventIDs: batch.eventIDs, Rejects: batch.rejects,
	}, nil
}

// produce writes even if the sender hangs up meanwhile: an answer that
// nobody reads is better than a write of which nobody knows.
func (g *Gateway) produce(r *http.Request, o outgoing) (placed, *Problem) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), produceTimeout)
	defer cancel()
	start := time.Now()
	at, err := g.broker.produce(ctx, o)
	g.metrics.produced(time.Since(start), err)
	if err != nil {
		g.cfg.Logger.Warn("push not written", "topic", g.cfg.Kafka.Topic, "rows", len(o.values), "err", err)
		return at, produceProblem(err)
	}
	return at, nil
}

func (g *Gateway) enter(ctx context.Context) bool {
	wait := time.NewTimer(slotTimeout)
	defer wait.Stop()
	select {
	case g.slots <- struct{}{}:
		return true
	case <-wait.C:
	case <-ctx.Done():
	}
	return false
}

func (g *Gateway) leave() { <-g.slots }

// authenticate returns the tenant of the bearer token. All tokens are compared,
// in constant time, whichever fits.
func (g *Gateway) authenticate(r *http.Request) (tenant string, problem *Problem) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	sum := sha256.Sum256([]byte(strings.TrimSpace(token)))
	digest := []byte(hex.EncodeToString(sum[:]))
	for _, t := range g.cfg.Gateway.Tokens {
		if subtle.ConstantTimeCompare(digest, []byte(strings.ToLower(t.SHA256))) == 1 {
			tenant = t.Tenant
		}
	}
	// A digest made of an unset variable is that of the empty token.
	if tenant == "" || strings.TrimSpace(token) == "" || !strings.EqualFold(scheme, "Bearer") {
		return "", unauthorized()
	}
	return tenant, nil
}

// allow takes n events from what the tenant may send per second.
func (g *Gateway) allow(tenant string, n int) *Problem {
	limiter := g.limiters[tenant]
	if limiter == nil {
		return nil
	}
	now := g.cfg.Now()
	reserved := limiter.ReserveN(now, n)
	if wait := reserved.DelayFrom(now); wait > 0 {
		reserved.CancelAt(now)
		return tooMany(n, g.cfg.Gateway.EventsPerSecond, wait)
	}
	return nil
}

// handleOther answers what is no POST. An Okta event hook proves with one GET
// that its address is ours.
func (g *Gateway) handleOther(w http.ResponseWriter, r *http.Request) {
	if challenge := r.Header.Get("X-Okta-Verification-Challenge"); challenge != "" && r.Method == http.MethodGet {
		if _, problem := g.authenticate(r); problem != nil {
			g.refuse(w, problem)
			return
		}
		writeJSON(w, http.StatusOK, "application/json", map[string]string{"verification": challenge})
		return
	}
	w.Header().Set("Allow", http.MethodPost)
	g.refuse(w, wrongMethod(r))
}

func (g *Gateway) refuse(w http.ResponseWriter, p *Problem) {
	g.metrics.answered(p.Status)
	p.write(w)
}
