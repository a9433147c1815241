-- Revision: what orders the revisions of one thing, the newest last, as bytes
-- that compare like (attempt, updated_time, recorded_time, event_time,
-- received_time, src_offset). Computed when read; nothing is stored.
--
-- action_key: an action whatever the attempt.

-- +goose Up
ALTER TABLE runs ADD COLUMN IF NOT EXISTS revision String ALIAS concat(
    reinterpretAsFixedString(byteSwap(attempt)),
    reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Micro(updated_time)))),
    reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Micro(recorded_time)))),
    reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Micro(event_time)))),
    reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Micro(received_time)))),
    reinterpretAsFixedString(byteSwap(toUInt64(src_offset))));

ALTER TABLE subjects ADD COLUMN IF NOT EXISTS revision String ALIAS concat(
    reinterpretAsFixedString(byteSwap(attempt)),
    reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Micro(updated_time)))),
    reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Micro(recorded_time)))),
    reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Micro(event_time)))),
    reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Micro(received_time)))),
    reinterpretAsFixedString(byteSwap(toUInt64(src_offset))));

ALTER TABLE actions ADD COLUMN IF NOT EXISTS revision String ALIAS concat(
    reinterpretAsFixedString(byteSwap(attempt)),
    reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Micro(updated_time)))),
    reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Micro(recorded_time)))),
    reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Micro(event_time)))),
    reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Micro(received_time)))),
    reinterpretAsFixedString(byteSwap(toUInt64(src_offset))));

ALTER TABLE audits ADD COLUMN IF NOT EXISTS revision String ALIAS concat(
    reinterpretAsFixedString(byteSwap(attempt)),
    reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Micro(updated_time)))),
    reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Micro(recorded_time)))),
    reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Micro(event_time)))),
    reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Micro(received_time)))),
    reinterpretAsFixedString(byteSwap(toUInt64(src_offset))));

ALTER TABLE actions ADD COLUMN IF NOT EXISTS action_key UInt64 ALIAS
    if(native_id = '', cityHash64(entity_id), cityHash64(source, source_uri, run_key, native_id));
