-- The actions of some runs, counted by their last attempts.
SELECT
    run_key,
    count() AS total,
    sum(attempts) AS attempts,
    countIf(state = 'terminal' AND outcome = 'success') AS success,
    countIf(state = 'terminal' AND outcome IN ('failure', 'error', 'timeout', 'partial')) AS failed,
    countIf(state = 'terminal' AND outcome = 'cancelled') AS cancelled,
    countIf(state = 'terminal' AND outcome = 'skipped') AS skipped,
    countIf(state IN ('queued', 'started', 'running', 'waiting', 'retrying', 'finalizing')) AS live,
    groupUniqArray(concat(state, '/', outcome)) AS statuses,
    argMinIf(tuple(action_name, target_app, error_message, error_code), tuple(failed_time, sequence), is_failed) AS first_failed,
    minIf(failed_time, is_failed) AS first_failed_time
FROM
(
    SELECT
        run_key,
        action_key,
        uniqExact(attempt) AS attempts,
        argMax(a.state, revision) AS state,
        argMax(a.outcome, revision) AS outcome,
        argMax(a.event_time, revision) AS failed_time,
        argMax(a.sequence, revision) AS sequence,
        argMaxIf(a.action_name, revision, a.action_name != '') AS action_name,
        argMaxIf(a.target_app, revision, a.target_app != '') AS target_app,
        argMax(a.error_message, revision) AS error_message,
        argMax(a.error_code, revision) AS error_code,
        state = 'terminal' AND outcome IN ('failure', 'error', 'timeout', 'partial') AS is_failed
    FROM actions AS a
    WHERE tenant_id = {tenant:String}
        AND run_key IN {keys:Array(UUID)}
        AND event_time >= {first:DateTime64(6, 'UTC')}
        AND event_time <= {last:DateTime64(6, 'UTC')}
        AND processed_time <= {as_of:DateTime64(6, 'UTC')}
    GROUP BY run_key, action_key
)
GROUP BY run_key
