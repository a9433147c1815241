-- Run index: where the records of each run lie in time, so that one run is read
-- without looking at anything else. Only minima and maxima, so that a
-- redelivery changes nothing. It is an index: a row without records left in
-- the base tables means nothing.
--
-- Runs are looked up one by one and lie anywhere, so the granules are small.
--
-- seen: bits of the kinds of record there are: 1 run, 2 subject, 4 action, 8 audit.

-- +goose Up
CREATE TABLE IF NOT EXISTS run_index
(
    tenant_id LowCardinality(String),
    run_id String CODEC(ZSTD(1)),
    run_key UUID,
    source LowCardinality(String),
    source_uri LowCardinality(String),
    retention_class LowCardinality(String),
    month UInt32,
    first_time SimpleAggregateFunction(min, DateTime64(6, 'UTC')) CODEC(Delta, ZSTD(1)),
    last_time SimpleAggregateFunction(max, DateTime64(6, 'UTC')) CODEC(Delta, ZSTD(1)),
    seen SimpleAggregateFunction(groupBitOr, UInt8)
)
ENGINE = AggregatingMergeTree
PARTITION BY (retention_class, month)
ORDER BY (tenant_id, run_id, run_key, source, source_uri, retention_class, month)
SETTINGS
    index_granularity = 256,
    non_replicated_deduplication_window = 20000,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_bytes_for_wide_part = 134217728;

CREATE MATERIALIZED VIEW IF NOT EXISTS run_index_mv TO run_index AS
SELECT
    tenant_id,
    run_id,
    run_key,
    source,
    source_uri,
    retention_class,
    toYYYYMM(event_time) AS month,
    min(event_time) AS first_time,
    max(event_time) AS last_time,
    groupBitOr(bitShiftLeft(toUInt8(1), kind - 1)) AS seen
FROM landing
WHERE kind <= 3 AND run_id != ''
GROUP BY tenant_id, run_id, run_key, source, source_uri, retention_class, month;
