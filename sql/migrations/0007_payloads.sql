-- Payloads: parameters, requests, responses and raw bytes, apart from the
-- metadata so that they can have a shorter life and stricter readers.

-- +goose Up
CREATE TABLE IF NOT EXISTS payloads
(
    tenant_id LowCardinality(String),
    source LowCardinality(String),
    event_time DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    event_id UUID,
    entity_id UUID,
    run_key UUID,
    payload String CODEC(ZSTD(1)),
    raw String CODEC(ZSTD(1)),
    retention_class LowCardinality(String),
    INDEX ix_run run_key TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY (retention_class, toYYYYMM(event_time))
ORDER BY (tenant_id, event_time, event_id)
SETTINGS
    non_replicated_deduplication_window = 20000,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_bytes_for_wide_part = 134217728;

CREATE MATERIALIZED VIEW IF NOT EXISTS payloads_mv TO payloads AS
SELECT
    tenant_id,
    source,
    event_time,
    event_id,
    entity_id,
    run_key,
    payload,
    raw,
    retention_class
FROM landing
WHERE kind <= 4 AND (payload != '' OR raw != '');
