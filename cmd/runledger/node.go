package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/runledger/runledger/ingest"
	"github.com/runledger/runledger/internal/chconn"
	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/internal/obs"
	"github.com/runledger/runledger/normalize/formats"
	"github.com/runledger/runledger/query"
)

// node is one process: some roles behind one HTTP server.
type node struct {
	cfg    config.Config
	log    *slog.Logger
	reg    *prometheus.Registry
	mux    *http.ServeMux
	checks []obs.Check
	tasks  []func(context.Context) error
	closes []func()
	// describe adds the gateway to the document of the API, where both are here.
	describe func(*huma.OpenAPI)
}

func newNode(c *cli, cfg config.Config) *node {
	return &node{
		cfg: cfg,
		log: obs.Logger(c.Stderr, terminal(c.Stderr), c.Getenv("RUNLEDGER_DEBUG") != ""),
		reg: obs.Registry(),
		mux: http.NewServeMux(),
	}
}

// gateway adds the role that takes pushes.
func (n *node) gateway(ctx context.Context) error {
	if err := n.topic(ctx); err != nil {
		return err
	}
	gw, err := ingest.NewGateway(ingest.GatewayConfig{
		Kafka: n.cfg.Kafka, Gateway: n.cfg.Gateway, Formats: formats.ByName(),
		Logger: n.log.With("component", "gateway"), Registry: n.reg,
	})
	if err != nil {
		return err
	}
	gw.Routes(n.mux)
	n.describe = gw.DescribePush
	n.checks = append(n.checks, obs.Check{Name: "gateway", Ask: gw.Ready})
	return nil
}

// collect adds the role that carries events into ClickHouse.
func (n *node) collect(ctx context.Context) error {
	if err := n.topic(ctx); err != nil {
		return err
	}
	col, err := ingest.NewCollector(ingest.CollectorConfig{
		Kafka: n.cfg.Kafka, ClickHouse: n.cfg.ClickHouse, Collector: n.cfg.Collector, Formats: formats.ByName(),
		Logger: n.log.With("component", "collector"), Registry: n.reg,
	})
	if err != nil {
		return err
	}
	n.tasks = append(n.tasks, col.Run)
	n.checks = append(n.checks, obs.Check{Name: "collector", Ask: col.Ready})
	return nil
}

// serve adds the role that answers questions.
func (n *node) serve(ctx context.Context) error {
	conn, err := chconn.Open(ctx, n.cfg.ClickHouse)
	if err != nil {
		return err
	}
	n.closes = append(n.closes, func() { _ = conn.Close() })
	api := query.NewServer(query.ServerConfig{
		Conn: conn, Tokens: n.cfg.API.Tokens, Version: version(),
		Logger: n.log.With("component", "api"), Registry: n.reg, Describe: n.describe,
	})
	api.Routes(n.mux)
	n.checks = append(n.checks, obs.Check{Name: "api", Ask: api.Ready})
	return nil
}

// topic creates our topic; brokers that are still starting are waited for.
func (n *node) topic(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return ingest.EnsureTopic(ctx, n.cfg.Kafka)
}

// run serves until ctx is done or a role fails. Intake ends first, then the
// collectors finish what they hold.
func (n *node) run(ctx context.Context) error {
	defer func() {
		for _, f := range n.closes {
			f()
		}
	}()
	obs.Routes(n.mux, n.reg, n.checks)
	listener, err := net.Listen("tcp", n.cfg.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w; choose another address with --listen or in the configuration", n.cfg.Listen, err)
	}
	server := &http.Server{
		Handler: n.mux, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute,
		WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(n.log.Handler(), slog.LevelWarn),
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve http: %w", err)
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		return server.Shutdown(drain)
	})
	for _, task := range n.tasks {
		group.Go(func() error { return task(ctx) })
	}
	n.log.Info("listening", "addr", listener.Addr().String())
	err = group.Wait()
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
