-- Incidents: failures of the same workflow, error fingerprint and target app
-- with gaps under an hour, told from what failed: attempts of actions, and runs
-- that failed without a failed action. Detection and diagnosis are the first
-- annotations of one of their runs that say so. An incident belongs to the
-- range its first failure lies in; failures are read from {since}, a day
-- earlier, so that one that began before {from} is not taken for a new one.
WITH
failed_actions AS
(
    SELECT run_key, action_key
    FROM actions
    WHERE tenant_id = {tenant:String}
        AND event_time >= {since:DateTime64(6, 'UTC')}
        AND event_time < {to:DateTime64(6, 'UTC')} + toIntervalDay(1)
        AND outcome IN ('failure', 'error', 'timeout')
),
failed_attempts AS
(
    SELECT action_key, run_key, any(a.run_id) AS run_id, entity_id,
        argMax(a.event_id, revision) AS event_id,
        argMax(if(a.ended_time > toDateTime64(0, 6), a.ended_time, a.event_time), revision) AS time,
        argMax(a.attempt, revision) AS attempt,
        argMax(a.state, revision) AS state,
        argMax(a.outcome, revision) AS outcome,
        argMax(a.synthetic, revision) AS synthetic,
        any(a.source) AS source,
        argMaxIf(a.workflow_id, revision, a.workflow_id != '') AS workflow_id,
        argMaxIf(a.workflow_name, revision, a.workflow_name != '') AS workflow_name,
        argMaxIf(a.target_app, revision, a.target_app != '') AS target_app,
        argMaxIf(a.target_app_id, revision, a.target_app_id != '') AS target_app_id,
        argMax(a.error_fingerprint, revision) AS error_fingerprint,
        argMax(a.error_category, revision) AS error_category,
        argMax(a.error_class, revision) AS error_class,
        argMax(a.error_message, revision) AS error_message
    FROM actions AS a
    WHERE tenant_id = {tenant:String}
        AND event_time >= {since:DateTime64(6, 'UTC')}
        AND run_key IN (SELECT run_key FROM failed_actions)
        AND action_key IN (SELECT action_key FROM failed_actions)
    GROUP BY action_key, run_key, entity_id
),
failed_runs AS
(
    SELECT run_key, any(r.run_id) AS run_id,
        argMax(r.event_id, revision) AS event_id,
        argMax(if(r.ended_time > toDateTime64(0, 6), r.ended_time, r.event_time), revision) AS time,
        argMax(r.state, revision) AS state,
        argMax(r.outcome, revision) AS outcome,
        argMax(r.synthetic, revision) AS synthetic,
        any(r.source) AS source,
        argMaxIf(r.workflow_id, revision, r.workflow_id != '') AS workflow_id,
        argMaxIf(r.workflow_name, revision, r.workflow_name != '') AS workflow_name,
        argMaxIf(r.target_app, revision, r.target_app != '') AS target_app,
        argMaxIf(r.target_app_id, revision, r.target_app_id != '') AS target_app_id,
        argMax(r.error_fingerprint, revision) AS error_fingerprint,
        argMax(r.error_category, revision) AS error_category,
        argMax(r.error_class, revision) AS error_class,
        argMax(r.error_message, revision) AS error_message
    FROM runs AS r
    WHERE tenant_id = {tenant:String}
        AND event_time >= {since:DateTime64(6, 'UTC')}
        AND run_key IN
        (
            SELECT run_key
            FROM runs
            WHERE tenant_id = {tenant:String}
                AND event_time >= {since:DateTime64(6, 'UTC')}
                AND event_time < {to:DateTime64(6, 'UTC')} + toIntervalDay(1)
                AND outcome IN ('failure', 'error', 'timeout')
        )
    GROUP BY run_key
),
failures AS
(
    SELECT *
    FROM
    (
        SELECT *, countIf(NOT is_run) OVER (PARTITION BY run_key) AS actions_of_run
        FROM
        (
            SELECT run_key, run_id, event_id, time, state, outcome, synthetic, source, workflow_id, workflow_name,
                target_app, target_app_id, error_fingerprint, error_category, error_class, error_message,
                argMax(outcome, attempt) OVER (PARTITION BY action_key) = 'success' AS healed, false AS is_run
            FROM failed_attempts
            UNION ALL
            SELECT run_key, run_id, event_id, time, state, outcome, synthetic, source, workflow_id, workflow_name,
                target_app, target_app_id, error_fingerprint, error_category, error_class, error_message,
                false AS healed, true AS is_run
            FROM failed_runs
        )
        WHERE state = 'terminal' AND outcome IN ('failure', 'error', 'timeout') AND NOT synthetic
    )
    WHERE NOT (is_run AND actions_of_run > 0)
        AND time < {to:DateTime64(6, 'UTC')}
        AND (1 /*slot:filter*/)
),
numbered AS
(
    SELECT *, sum(is_first) OVER (PARTITION BY source, workflow, error_fingerprint, target_app ORDER BY time, event_id) AS number
    FROM
    (
        SELECT *, if(workflow_id = '', workflow_name, workflow_id) AS workflow,
            time >= lagInFrame(time, 1, toDateTime64(0, 6, 'UTC')) OVER
                (PARTITION BY source, workflow, error_fingerprint, target_app ORDER BY time, event_id
                 ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) + toIntervalHour(1) AS is_first
        FROM failures
    )
),
incidents AS
(
    SELECT source, workflow, error_fingerprint, target_app, number,
        min(time) AS failed,
        max(time) AS last_failed,
        argMin(event_id, tuple(time, event_id)) AS first_event_id,
        argMax(workflow_name, tuple(time, event_id)) AS name,
        argMin(n.error_category, tuple(time, event_id)) AS category,
        argMin(n.error_message, tuple(time, event_id)) AS message,
        count() AS failures,
        arrayDistinct(groupArray(run_key)) AS keys,
        arraySlice(arrayDistinct(groupArray(run_id)), 1, 10) AS run_ids,
        min(n.healed) AS healed
    FROM numbered AS n
    GROUP BY source, workflow, error_fingerprint, target_app, number
    HAVING failed >= {from:DateTime64(6, 'UTC')}
),
annotations AS
(
    SELECT run_key,
        argMax(a.event_id, revision) AS note_id,
        argMax(a.event_time, revision) AS note_time,
        argMax(a.annotation, revision) AS note,
        argMax(a.cause, revision) AS note_cause
    FROM audits AS a
    WHERE tenant_id = {tenant:String}
        AND event_time >= {from:DateTime64(6, 'UTC')}
        AND change_kind = 'annotation'
        AND annotation IN ('alert', 'acknowledge', 'diagnosis', 'report', 'user_report')
        AND run_key != toUUID('00000000-0000-0000-0000-000000000000')
    GROUP BY run_key, entity_id
)
SELECT
    lower(hex(cityHash64(source, workflow, error_fingerprint, target_app, failed))) AS incident_id,
    source,
    workflow AS workflow_id,
    any(name) AS workflow_name,
    target_app,
    error_fingerprint,
    any(category) AS error_category,
    any(message) AS error_message,
    failed,
    any(i.last_failed) AS last_failed,
    any(i.failures) AS failures,
    any(length(keys)) AS runs,
    any(i.run_ids) AS run_ids,
    any(i.first_event_id) AS first_event_id,
    any(i.healed) AS healed,
    countIf(note_time >= failed) > 0 AS is_detected,
    minIf(note_time, note_time >= failed) AS detected,
    argMinIf(note, tuple(note_time, note_id), note_time >= failed) AS detected_by,
    argMinIf(note_id, tuple(note_time, note_id), note_time >= failed) AS detected_event_id,
    countIf(note_time >= failed AND note_cause != '') > 0 AS is_diagnosed,
    minIf(note_time, note_time >= failed AND note_cause != '') AS diagnosed,
    argMinIf(note_cause, tuple(note_time, note_id), note_time >= failed AND note_cause != '') AS cause,
    argMinIf(note_id, tuple(note_time, note_id), note_time >= failed AND note_cause != '') AS diagnosed_event_id
FROM (SELECT *, arrayJoin(keys) AS key FROM incidents) AS i
LEFT JOIN annotations AS a ON a.run_key = i.key
GROUP BY source, workflow, error_fingerprint, target_app, number, failed
ORDER BY failed DESC, incident_id DESC
LIMIT {limit:UInt32}
