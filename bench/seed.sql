-- Fills an empty ledger with a synthetic history that ends at {until}: {runs}
-- runs of {days} days over {tenants} tenants bench-00, bench-01, … of falling
-- size (the largest of 50 owns 14 %), each run with one subject and seven
-- actions. Half of the runs report their start, 3 % of the actions are tried
-- twice, 1 % of everything is delivered twice. The same numbers give the same rows.
--
--     clickhouse client -n --param_runs 1400000 --param_days 95 --param_tenants 50 \
--         --param_until '2026-01-01 00:00:00' < bench/seed.sql

-- Runs: the terminal revision, half of them with a start, 1 % delivered twice.
INSERT INTO landing (kind, event_id, entity_id, run_key, tenant_id, source, source_uri, event_type, native_id,
    native_type, status_native, event_time, recorded_time, received_time, time_quality, parser_version, raw_hash,
    raw_size, content_hash, correlation_id, workflow_id, workflow_name, run_id, attempt, trigger_kind, started_time,
    ended_time, updated_time, state, outcome, actor_type, actor_id, actor_email, target_app, error_class,
    error_category, error_code, error_message, error_fingerprint, src_topic, src_partition, src_offset, retention_class)
WITH
    leftPad(toString(toUInt32({tenants:UInt32} * pow(cityHash64(number, 't') / pow(2, 64), 2))), 2, '0') AS t,
    {until:DateTime64(6)} - toIntervalMicrosecond(toUInt64(({runs:UInt64} - number) * {days:UInt32} * 86400000000. / {runs:UInt64})) AS started,
    started + toIntervalMillisecond(5000 + cityHash64(number, 'd') % 600000) AS ended,
    cityHash64(number, 'o') % 1000 AS o,
    copy != 0 AS done,
    done AND o < 85 AS failed,
    lower(hex(sipHash128(number, 'run'))) AS id,
    cityHash64(number, 'w') % 20 AS w
SELECT
    1,
    reinterpretAsUUID(sipHash128(number, done, 'event')),
    reinterpretAsUUID(sipHash128(number, 'entity')),
    reinterpretAsUUID(sipHash128(number, 'key')),
    'bench-' || t,
    if(w < 10, 'azure.logic_apps', 'rl.zluri.run'),
    '/instances/' || t,
    if(done, 'run.completed', 'run.started'),
    id,
    'run',
    if(done, 'Completed', 'Running'),
    if(done, ended, started),
    if(done, ended, started) + toIntervalSecond(1),
    if(done, ended, started) + toIntervalSecond(2 + copy),
    'ok',
    1,
    toFixedString(sipHash128(number, done, 'raw1') || sipHash128(number, done, 'raw2'), 32),
    900,
    toFixedString(sipHash128(number, done, 'con1') || sipHash128(number, done, 'con2'), 32),
    substring(id, 1, 20),
    'wf-' || toString(w),
    'Workflow ' || toString(w),
    id,
    1,
    arrayElement(['manual', 'rule', 'schedule', 'event'], 1 + cityHash64(number, 'k') % 4),
    started,
    if(done, ended, toDateTime64(0, 6)),
    if(done, ended, started),
    if(done, 'terminal', 'running'),
    multiIf(NOT done, '', o < 40, 'failure', o < 70, 'partial', o < 80, 'timeout', o < 85, 'error', o < 100, 'cancelled', o < 120, 'skipped', 'success'),
    'user',
    'u' || toString(cityHash64(number, 'a') % 50),
    'admin' || toString(cityHash64(number, 'a') % 50) || '@example.com',
    'App ' || toString(cityHash64(number, 'p') % 30),
    multiIf(NOT failed, '', o % 2 = 0, 'temporary', 'permanent'),
    if(failed, arrayElement(['network', 'timeout', 'rate_limit', 'permission', 'data', 'not_found'], 1 + o % 6), ''),
    if(failed, 'E' || toString(o % 40), ''),
    if(failed, 'the target refused the request of user number ' || toString(number), ''),
    if(failed, 'fp' || toString(o % 40), ''),
    'runledger.events',
    number % 4,
    number * 10 + copy,
    'operational'
FROM numbers({runs:UInt64})
ARRAY JOIN multiIf(
    cityHash64(number, 'x') % 1000 < 3, [0],
    cityHash64(number, 'x') % 100 = 1, [0, 1, 2],
    cityHash64(number, 'x') % 2 = 0, [0, 1],
    [1]) AS copy
SETTINGS max_insert_threads = 1, max_block_size = 100000, min_insert_block_size_rows = 100000;

-- Subjects: one for each run.
INSERT INTO landing (kind, event_id, entity_id, run_key, tenant_id, source, source_uri, event_type, native_id,
    event_time, recorded_time, received_time, time_quality, parser_version, raw_hash, raw_size, content_hash,
    workflow_id, workflow_name, run_id, attempt, state, outcome, subject_id, subject_name, subject_email,
    src_topic, src_partition, src_offset, retention_class)
WITH
    leftPad(toString(toUInt32({tenants:UInt32} * pow(cityHash64(number, 't') / pow(2, 64), 2))), 2, '0') AS t,
    {until:DateTime64(6)} - toIntervalMicrosecond(toUInt64(({runs:UInt64} - number) * {days:UInt32} * 86400000000. / {runs:UInt64})) AS started,
    started + toIntervalMillisecond(5000 + cityHash64(number, 'd') % 600000) AS ended,
    cityHash64(number, 'o') % 1000 AS o,
    lower(hex(sipHash128(number, 'run'))) AS id,
    cityHash64(number, 'w') % 20 AS w,
    cityHash64(number, 's') % 3000 AS person
SELECT
    2,
    reinterpretAsUUID(sipHash128(number, 'subject event')),
    reinterpretAsUUID(sipHash128(number, 'subject')),
    reinterpretAsUUID(sipHash128(number, 'key')),
    'bench-' || t,
    if(w < 10, 'azure.logic_apps', 'rl.zluri.run'),
    '/instances/' || t,
    'run.completed',
    id || '/' || toString(person),
    ended,
    ended + toIntervalSecond(1),
    ended + toIntervalSecond(2),
    'ok',
    1,
    toFixedString(sipHash128(number, 'raw1') || sipHash128(number, 'raw2'), 32),
    900,
    toFixedString(sipHash128(number, 'con3') || sipHash128(number, 'con4'), 32),
    'wf-' || toString(w),
    'Workflow ' || toString(w),
    id,
    1,
    'terminal',
    multiIf(o < 40, 'failure', o < 70, 'partial', o < 80, 'timeout', o < 85, 'error', o < 100, 'cancelled', o < 120, 'skipped', 'success'),
    'p' || toString(person),
    'Person ' || toString(person),
    'person' || toString(person) || '@example.com',
    'runledger.events',
    number % 4,
    number * 10 + 3,
    'operational'
FROM numbers({runs:UInt64})
SETTINGS max_insert_threads = 1, max_block_size = 100000, min_insert_block_size_rows = 100000;

-- Actions: seven for each run; one of them fails where the run does.
INSERT INTO landing (kind, event_id, entity_id, run_key, tenant_id, source, source_uri, event_type, native_id,
    native_type, status_native, event_time, recorded_time, received_time, time_quality, parser_version, raw_hash,
    raw_size, content_hash, correlation_id, workflow_id, workflow_name, run_id, attempt, started_time, ended_time,
    updated_time, state, outcome, actor_type, actor_id, subject_id, subject_name, subject_email, target_app,
    object_type, object_id, action_id, action_name, sequence, task_type, operation, effect, response_code,
    error_class, error_category, error_code, error_message, error_fingerprint, failure_stage, step_log,
    src_topic, src_partition, src_offset, retention_class)
WITH
    intDiv(number, 7) AS r,
    number % 7 AS k,
    leftPad(toString(toUInt32({tenants:UInt32} * pow(cityHash64(r, 't') / pow(2, 64), 2))), 2, '0') AS t,
    {until:DateTime64(6)} - toIntervalMicrosecond(toUInt64(({runs:UInt64} - r) * {days:UInt32} * 86400000000. / {runs:UInt64})) AS started,
    5000 + cityHash64(r, 'd') % 600000 AS took,
    started + toIntervalMillisecond(intDiv(took * (k + 1), 7) - (copy = 0) * 300) AS at,
    cityHash64(r, 'o') % 1000 AS o,
    o < 85 AND k = o % 7 OR copy = 0 AS failed,
    lower(hex(sipHash128(r, 'run'))) AS id,
    cityHash64(r, 'w') % 20 AS w,
    cityHash64(r, 's') % 3000 AS person
SELECT
    3,
    reinterpretAsUUID(sipHash128(number, copy = 0, 'action event')),
    reinterpretAsUUID(sipHash128(number, copy = 0, 'action')),
    reinterpretAsUUID(sipHash128(r, 'key')),
    'bench-' || t,
    if(w < 10, 'azure.logic_apps', 'rl.zluri.run'),
    '/instances/' || t,
    'action.completed',
    id || '/' || toString(k),
    'action',
    if(failed, 'Failed', 'Succeeded'),
    at,
    at + toIntervalSecond(1),
    at + toIntervalSecond(2 + copy),
    'ok',
    1,
    toFixedString(sipHash128(number, copy = 0, 'raw1') || sipHash128(number, copy = 0, 'raw2'), 32),
    900,
    toFixedString(sipHash128(number, copy = 0, 'con1') || sipHash128(number, copy = 0, 'con2'), 32),
    substring(id, 1, 20),
    'wf-' || toString(w),
    'Workflow ' || toString(w),
    id,
    if(cityHash64(number, 'r') % 100 < 3 AND copy != 0, 2, 1),
    at - toIntervalMillisecond(intDiv(took, 8)),
    at,
    at,
    'terminal',
    multiIf(failed, if(o < 80 AND o >= 70, 'timeout', 'failure'), cityHash64(number, 'z') % 50 = 0, 'skipped', 'success'),
    'app',
    'engine',
    'p' || toString(person),
    'Person ' || toString(person),
    'person' || toString(person) || '@example.com',
    'App ' || toString((cityHash64(r, 'p') + k) % 30),
    'User',
    'p' || toString(person),
    toString(k),
    arrayElement(['Create account', 'Add to group', 'Assign licence', 'Set role', 'Notify manager', 'Sync profile', 'Rotate credential'], k + 1),
    k + 1,
    arrayElement(['user.create', 'group.add', 'license.assign', 'role.update', 'notify', 'user.sync', 'credential.rotate'], k + 1),
    'update',
    if(failed, '', 'changed'),
    if(failed, '503', '200'),
    multiIf(NOT failed, '', o % 2 = 0, 'temporary', 'permanent'),
    if(failed, arrayElement(['network', 'timeout', 'rate_limit', 'permission', 'data', 'not_found'], 1 + o % 6), ''),
    if(failed, 'E' || toString(o % 40), ''),
    if(failed, 'the target refused the request of user number ' || toString(number), ''),
    if(failed, 'fp' || toString(o % 40), ''),
    if(failed, 'action', ''),
    '[{"time":"' || toString(at) || '","level":"info","text":"called the target"}]',
    'runledger.events',
    number % 4,
    number * 10 + 5 + copy,
    'operational'
FROM numbers({runs:UInt64} * 7)
ARRAY JOIN multiIf(
    cityHash64(number, 'r') % 100 < 3, [0, 1],
    cityHash64(number, 'r') % 100 = 5, [1, 2],
    [1]) AS copy
SETTINGS max_insert_threads = 1, max_block_size = 100000, min_insert_block_size_rows = 100000;

-- Annotations: of the runs that failed, a third is acknowledged after ten
-- minutes or more, and half of those are diagnosed.
INSERT INTO landing (kind, event_id, entity_id, run_key, tenant_id, source, event_type, native_id, event_time,
    recorded_time, received_time, time_quality, run_id, change_kind, annotation, cause, actor_type, actor_id,
    src_topic, src_partition, src_offset, retention_class)
WITH
    leftPad(toString(toUInt32({tenants:UInt32} * pow(cityHash64(number, 't') / pow(2, 64), 2))), 2, '0') AS t,
    {until:DateTime64(6)} - toIntervalMicrosecond(toUInt64(({runs:UInt64} - number) * {days:UInt32} * 86400000000. / {runs:UInt64})) AS started,
    started + toIntervalMillisecond(5000 + cityHash64(number, 'd') % 600000) AS ended,
    ended + toIntervalSecond(600 * what + cityHash64(number, what, 'ack') % 3600) AS at,
    lower(hex(sipHash128(number, 'run'))) AS id
SELECT
    4,
    reinterpretAsUUID(sipHash128(number, what, 'annotation event')),
    reinterpretAsUUID(sipHash128(number, what, 'annotation')),
    reinterpretAsUUID(sipHash128(number, 'key')),
    'bench-' || t,
    'rl.annotation',
    'rl.annotation.v1',
    id || '/' || toString(what),
    at,
    at,
    at,
    'ok',
    id,
    'annotation',
    if(what = 1, 'acknowledge', 'diagnosis'),
    if(what = 1, '', 'expired credential'),
    'user',
    'oncall',
    'runledger.events',
    number % 4,
    number * 10 + 8 + what - 1,
    'operational'
FROM numbers({runs:UInt64})
ARRAY JOIN if(number % 2 = 0, [1, 2], [1]) AS what
WHERE cityHash64(number, 'o') % 1000 < 85 AND cityHash64(number, 'n') % 3 = 0 AND at < {until:DateTime64(6)}
SETTINGS max_insert_threads = 1, max_block_size = 100000, min_insert_block_size_rows = 100000;
