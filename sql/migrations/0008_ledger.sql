-- Ledger: one row for each range of offsets that is in the tables. For every
-- range, last_offset - first_offset + 1 = messages + gaps; ranges of one
-- partition follow each other without hole or overlap.

-- +goose Up
CREATE TABLE IF NOT EXISTS ledger
(
    src_topic LowCardinality(String),
    src_partition Int32,
    first_offset Int64,
    last_offset Int64,
    messages UInt32,
    records UInt32,
    rejects UInt32,
    gaps UInt32,
    hash_sum UInt128,
    layout UInt16,
    epoch UInt32,
    received_time DateTime64(6, 'UTC'),
    processed_time DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_time)
ORDER BY (src_topic, epoch, src_partition, first_offset)
SETTINGS
    non_replicated_deduplication_window = 20000,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_bytes_for_wide_part = 134217728;

CREATE MATERIALIZED VIEW IF NOT EXISTS ledger_mv TO ledger AS
SELECT
    src_topic,
    src_partition,
    src_offset AS first_offset,
    range_last AS last_offset,
    range_messages AS messages,
    range_records AS records,
    range_rejects AS rejects,
    range_gaps AS gaps,
    range_hash_sum AS hash_sum,
    range_layout AS layout,
    range_epoch AS epoch,
    received_time
FROM landing
WHERE kind = 6;
