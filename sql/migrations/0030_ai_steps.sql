-- AI steps: one revision of one step of an AI agent. What it was asked and what
-- it answered lies in payloads, under the same event_id.
--
-- landing gets the columns of kind 7, an AI step; payloads, freshness and the
-- run index take it in. Their views are altered, not made anew: an INSERT that
-- finds no view would lose its rows. In seen of the run index, 64 is an AI step.

-- +goose Up
ALTER TABLE landing
    ADD COLUMN IF NOT EXISTS ai_operation String,
    ADD COLUMN IF NOT EXISTS ai_provider String,
    ADD COLUMN IF NOT EXISTS request_model String,
    ADD COLUMN IF NOT EXISTS response_model String,
    ADD COLUMN IF NOT EXISTS agent_version String,
    ADD COLUMN IF NOT EXISTS agent_charter_hash String,
    ADD COLUMN IF NOT EXISTS conversation_id String,
    ADD COLUMN IF NOT EXISTS prompt_hash String,
    ADD COLUMN IF NOT EXISTS output_hash String,
    ADD COLUMN IF NOT EXISTS input_tokens Int64,
    ADD COLUMN IF NOT EXISTS output_tokens Int64,
    ADD COLUMN IF NOT EXISTS finish_reason String,
    ADD COLUMN IF NOT EXISTS tool_calls String,
    ADD COLUMN IF NOT EXISTS action_taken String,
    ADD COLUMN IF NOT EXISTS reviewer String,
    ADD COLUMN IF NOT EXISTS review_decision String,
    ADD COLUMN IF NOT EXISTS review_time DateTime64(6, 'UTC');

CREATE TABLE IF NOT EXISTS ai_steps
(
    event_id UUID CODEC(NONE),
    entity_id UUID CODEC(NONE),
    run_key UUID CODEC(NONE),
    tenant_id LowCardinality(String),
    source LowCardinality(String),
    source_uri LowCardinality(String),
    event_type LowCardinality(String),
    native_id String CODEC(ZSTD(1)),
    native_type LowCardinality(String),
    status_native LowCardinality(String),
    event_time DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    recorded_time DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    received_time DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    event_time_native String CODEC(ZSTD(1)),
    time_quality LowCardinality(String),
    parser_version UInt16,
    src_index UInt32,
    raw_hash FixedString(32) CODEC(NONE),
    raw_size UInt32,
    content_hash FixedString(32) CODEC(NONE),
    unmapped String CODEC(ZSTD(1)),
    redacted LowCardinality(String),
    is_truncated Bool,
    synthetic Bool,
    correlation_id String CODEC(ZSTD(1)),
    causation_id String CODEC(ZSTD(1)),
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    business_key String CODEC(ZSTD(1)),
    business_key_type LowCardinality(String),
    workflow_id LowCardinality(String),
    workflow_name LowCardinality(String),
    workflow_version LowCardinality(String),
    run_id String CODEC(ZSTD(1)),
    parent_run_id String CODEC(ZSTD(1)),
    root_run_id String CODEC(ZSTD(1)),
    attempt UInt16,
    started_time DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    ended_time DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    updated_time DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    state LowCardinality(String),
    outcome LowCardinality(String),
    outcome_derived LowCardinality(String),
    status_reason String CODEC(ZSTD(1)),
    wait_reason LowCardinality(String),
    failing Bool,
    actor_type LowCardinality(String),
    actor_id String CODEC(ZSTD(1)),
    actor_name String CODEC(ZSTD(1)),
    actor_email String CODEC(ZSTD(1)),
    on_behalf_of String CODEC(ZSTD(1)),
    subject_id String CODEC(ZSTD(1)),
    subject_name String CODEC(ZSTD(1)),
    subject_email String CODEC(ZSTD(1)),
    target_app LowCardinality(String),
    target_app_id LowCardinality(String),
    object_type LowCardinality(String),
    object_id String CODEC(ZSTD(1)),
    object_name String CODEC(ZSTD(1)),
    action_id String CODEC(ZSTD(1)),
    action_name LowCardinality(String),
    sequence UInt32,
    provider_ref String CODEC(ZSTD(1)),
    response_code LowCardinality(String),
    error_class LowCardinality(String),
    error_category LowCardinality(String),
    error_code LowCardinality(String),
    error_message String CODEC(ZSTD(1)),
    error_type LowCardinality(String),
    error_fingerprint LowCardinality(String),
    error_class_source LowCardinality(String),
    failure_stage LowCardinality(String),
    step_log String CODEC(ZSTD(1)),
    ai_operation LowCardinality(String),
    ai_provider LowCardinality(String),
    request_model LowCardinality(String),
    response_model LowCardinality(String),
    agent_version LowCardinality(String),
    agent_charter_hash LowCardinality(String),
    conversation_id String CODEC(ZSTD(1)),
    prompt_hash String CODEC(ZSTD(1)),
    output_hash String CODEC(ZSTD(1)),
    input_tokens Int64,
    output_tokens Int64,
    finish_reason LowCardinality(String),
    tool_calls String CODEC(ZSTD(1)),
    action_taken String CODEC(ZSTD(1)),
    reviewer String CODEC(ZSTD(1)),
    review_decision LowCardinality(String),
    review_time DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    src_topic LowCardinality(String),
    src_partition Int32 CODEC(Delta, ZSTD(1)),
    src_offset Int64 CODEC(Delta, ZSTD(1)),
    retention_class LowCardinality(String),
    processed_time DateTime64(6, 'UTC') DEFAULT now64(6) CODEC(Delta, ZSTD(1)),
    INDEX ix_run run_key TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY (retention_class, toYYYYMM(event_time))
ORDER BY (tenant_id, event_time, run_key, entity_id)
SETTINGS
    non_replicated_deduplication_window = 20000,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    merge_selector_base = 16,
    min_bytes_for_wide_part = 134217728;

ALTER TABLE ai_steps ADD COLUMN IF NOT EXISTS revision String ALIAS concat(
    reinterpretAsFixedString(byteSwap(attempt)),
    reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Micro(updated_time)))),
    reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Micro(recorded_time)))),
    reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Micro(event_time)))),
    reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Micro(received_time)))),
    reinterpretAsFixedString(byteSwap(toUInt64(src_offset))));

CREATE MATERIALIZED VIEW IF NOT EXISTS ai_steps_mv TO ai_steps AS
SELECT
    event_id,
    entity_id,
    run_key,
    tenant_id,
    source,
    source_uri,
    event_type,
    native_id,
    native_type,
    status_native,
    event_time,
    recorded_time,
    received_time,
    event_time_native,
    time_quality,
    parser_version,
    src_index,
    raw_hash,
    raw_size,
    content_hash,
    unmapped,
    redacted,
    is_truncated,
    synthetic,
    correlation_id,
    causation_id,
    trace_id,
    span_id,
    business_key,
    business_key_type,
    workflow_id,
    workflow_name,
    workflow_version,
    run_id,
    parent_run_id,
    root_run_id,
    attempt,
    started_time,
    ended_time,
    updated_time,
    state,
    outcome,
    outcome_derived,
    status_reason,
    wait_reason,
    failing,
    actor_type,
    actor_id,
    actor_name,
    actor_email,
    on_behalf_of,
    subject_id,
    subject_name,
    subject_email,
    target_app,
    target_app_id,
    object_type,
    object_id,
    object_name,
    action_id,
    action_name,
    sequence,
    provider_ref,
    response_code,
    error_class,
    error_category,
    error_code,
    error_message,
    error_type,
    error_fingerprint,
    error_class_source,
    failure_stage,
    step_log,
    ai_operation,
    ai_provider,
    request_model,
    response_model,
    agent_version,
    agent_charter_hash,
    conversation_id,
    prompt_hash,
    output_hash,
    input_tokens,
    output_tokens,
    finish_reason,
    tool_calls,
    action_taken,
    reviewer,
    review_decision,
    review_time,
    src_topic,
    src_partition,
    src_offset,
    retention_class
FROM landing
WHERE kind = 7;

-- A view is made anew, never altered: after ALTER ... MODIFY QUERY the server
-- gives it another identity when it next starts, and with it forgets the tokens
-- of what the view has already stored. Collectors must not run meanwhile.
DROP TABLE IF EXISTS payloads_mv;

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
WHERE (kind <= 4 OR kind = 7) AND (payload != '' OR raw != '');

DROP TABLE IF EXISTS freshness_mv;

CREATE MATERIALIZED VIEW IF NOT EXISTS freshness_mv TO freshness AS
SELECT
    tenant_id,
    source,
    max(event_time) AS last_event_time,
    max(received_time) AS last_received_time
FROM landing
WHERE kind <= 4 OR kind = 7
GROUP BY tenant_id, source;

DROP TABLE IF EXISTS run_index_mv;

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
WHERE (kind <= 3 OR kind = 7) AND run_id != ''
GROUP BY tenant_id, run_id, run_key, source, source_uri, retention_class, month;
