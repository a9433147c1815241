-- Freshness: how far each source has come. Only maxima, so that a redelivery
-- changes nothing.

-- +goose Up
CREATE TABLE IF NOT EXISTS freshness
(
    tenant_id LowCardinality(String),
    source LowCardinality(String),
    last_event_time SimpleAggregateFunction(max, DateTime64(6, 'UTC')),
    last_received_time SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (tenant_id, source)
SETTINGS
    non_replicated_deduplication_window = 20000,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_bytes_for_wide_part = 134217728;

CREATE MATERIALIZED VIEW IF NOT EXISTS freshness_mv TO freshness AS
SELECT
    tenant_id,
    source,
    max(event_time) AS last_event_time,
    max(received_time) AS last_received_time
FROM landing
WHERE kind <= 4
GROUP BY tenant_id, source;
