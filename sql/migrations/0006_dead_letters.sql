-- Dead letters: what could not be read, with its bytes and the reason.

-- +goose Up
CREATE TABLE IF NOT EXISTS dead_letters
(
    tenant_id LowCardinality(String),
    source LowCardinality(String),
    received_time DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    reason LowCardinality(String),
    path String CODEC(ZSTD(1)),
    byte_offset UInt32,
    detail String CODEC(ZSTD(1)),
    raw String CODEC(ZSTD(1)),
    raw_hash FixedString(32),
    raw_size UInt32,
    src_topic LowCardinality(String),
    src_partition Int32,
    src_offset Int64 CODEC(Delta, ZSTD(1)),
    src_index UInt32,
    processed_time DateTime64(6, 'UTC') DEFAULT now64(6) CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_time)
ORDER BY (tenant_id, received_time, src_topic, src_partition, src_offset, src_index)
SETTINGS
    non_replicated_deduplication_window = 20000,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_bytes_for_wide_part = 134217728;

CREATE MATERIALIZED VIEW IF NOT EXISTS dead_letters_mv TO dead_letters AS
SELECT
    tenant_id,
    source,
    received_time,
    error_code AS reason,
    native_type AS path,
    sequence AS byte_offset,
    error_message AS detail,
    raw,
    raw_hash,
    raw_size,
    src_topic,
    src_partition,
    src_offset,
    src_index
FROM landing
WHERE kind = 5;
