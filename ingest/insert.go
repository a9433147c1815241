package ingest

import (
	"context"
	"crypto/tls"
	"fmt"
	"time"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/ch-go/proto"

	"github.com/runledger/runledger/internal/config"
)

// attemptTimeout bounds one attempt to insert. An attempt that fails is made
// again, with the same token.
const attemptTimeout = 2 * time.Minute

// inserter sends spans to ClickHouse, one at a time, over a connection of its
// own that it opens when needed.
type inserter struct {
	server  config.ClickHouse
	batcher *batcher
	client  *ch.Client
	buffer  proto.Buffer
	query   string
}

func newInserter(server config.ClickHouse, b *batcher) *inserter {
	return &inserter{server: server, batcher: b, query: b.columns.input.Into("landing")}
}

// insertSettings pin everything that decides how the server cuts an INSERT into
// blocks, because a token covers a block and its number: what is sent again
// must be cut again alike. Squashing is by rows alone; bytes depend on how the
// server keeps them in memory.
func insertSettings(token string) []ch.Setting {
	settings := []ch.Setting{
		ch.SettingInt("async_insert", 0),
		ch.SettingInt("insert_deduplicate", 1),
		{Key: "deduplicate_insert", Value: "enable"},
		ch.SettingInt("deduplicate_blocks_in_dependent_materialized_views", 1),
		ch.SettingInt("use_strict_insert_block_limits", 0),
		ch.SettingInt("min_insert_block_size_rows", 8*blockRows),
		ch.SettingInt("min_insert_block_size_bytes", 0),
		ch.SettingInt("min_insert_block_size_rows_for_materialized_views", 0),
		ch.SettingInt("min_insert_block_size_bytes_for_materialized_views", 0),
		ch.SettingInt("max_insert_threads", 1),
		ch.SettingInt("parallel_view_processing", 0),
		ch.SettingInt("materialized_views_ignore_errors", 0),
		// Eleven years of months in each retention class: a backfill may touch
		// them all, and a refusal would stand in the way for ever.
		ch.SettingInt("max_partitions_per_insert_block", 0),
		{Key: "insert_deduplication_token", Value: token},
	}
	for i := range settings {
		settings[i].Important = true
	}
	return settings
}

// plainSettings are for the control that has no tokens: it must not be saved
// by deduplication of equal blocks either.
func plainSettings() []ch.Setting {
	settings := insertSettings("")
	for i := range settings {
		switch settings[i].Key {
		case "insert_deduplicate", "deduplicate_blocks_in_dependent_materialized_views":
			settings[i].Value = "0"
		case "deduplicate_insert":
			settings[i].Value = "disable"
		}
	}
	return settings
}

// insert sends the span that the batcher has started, as one INSERT. After an
// error nobody knows how much of it has arrived.
func (i *inserter) insert(ctx context.Context, settings []ch.Setting) error {
	return i.insertBlocks(ctx, settings, i.batcher.block)
}

// insertBlocks inserts the columns as often as next fills them.
func (i *inserter) insertBlocks(ctx context.Context, settings []ch.Setting, next func() error) error {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	if i.client == nil {
		if err := i.dial(ctx); err != nil {
			return err
		}
	}
	err := i.client.Do(ctx, ch.Query{
		Body:     i.query,
		Settings: settings,
		Input:    i.batcher.columns.input,
		OnInput:  func(context.Context) error { return next() },
	})
	if err != nil {
		i.close()
		return fmt.Errorf("insert into %s at %s: %w", i.server.Database, i.server.Addr, err)
	}
	return nil
}

func (i *inserter) dial(ctx context.Context) error {
	compression := ch.CompressionLZ4
	if config.Loopback(i.server.Addr) { // a tenth of our CPU, and nothing to save
		compression = ch.CompressionDisabled
	}
	o := ch.Options{
		Address: i.server.Addr, Database: i.server.Database, User: i.server.Username, Password: i.server.Password,
		ClientName: "runledger-collector", Compression: compression,
		DialTimeout: 5 * time.Second, HandshakeTimeout: 10 * time.Second, ReadTimeout: time.Second,
	}
	if i.server.TLS {
		o.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	client, err := ch.DialWithBuffer(ctx, o, &i.buffer)
	if err != nil {
		return fmt.Errorf("connect to clickhouse %s: %w", i.server.Addr, err)
	}
	i.client = client
	return nil
}

func (i *inserter) close() {
	if i.client != nil {
		_ = i.client.Close() // of no use any more
		i.client = nil
	}
}

// ask runs a statement that answers with one row, into results.
func (i *inserter) ask(ctx context.Context, statement string, parameters map[string]any, results proto.Results) error {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	if i.client == nil {
		if err := i.dial(ctx); err != nil {
			return err
		}
	}
	if err := i.client.Do(ctx, ch.Query{Body: statement, Parameters: ch.Parameters(parameters), Result: results}); err != nil {
		i.close()
		return err
	}
	if results.Rows() != 1 {
		return fmt.Errorf("%d rows, want 1", results.Rows())
	}
	return nil
}
