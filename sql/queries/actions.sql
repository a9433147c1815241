-- One page of the actions whose last event lies in [from, to), latest first.
-- A row is an action at its last attempt. See runs.sql for since and as_of.
SELECT action_key, last_time, first_time, attempts
FROM
(
    SELECT
        action_key,
        max(event_time) AS last_time,
        min(event_time) AS first_time,
        uniqExact(attempt) AS attempts,
        any(a.source) AS source,
        any(a.run_id) AS run_id,
        argMaxIf(a.workflow_id, revision, a.workflow_id != '') AS workflow_id,
        argMaxIf(a.workflow_name, revision, a.workflow_name != '') AS workflow_name,
        argMaxIf(a.target_app, revision, a.target_app != '') AS target_app,
        argMaxIf(a.target_app_id, revision, a.target_app_id != '') AS target_app_id,
        argMaxIf(a.action_name, revision, a.action_name != '') AS action_name,
        argMaxIf(a.task_type, revision, a.task_type != '') AS task_type,
        argMax(a.state, revision) AS state,
        argMax(a.outcome, revision) AS outcome,
        argMax(a.error_class, revision) AS error_class,
        argMax(a.error_category, revision) AS error_category,
        argMax(a.error_fingerprint, revision) AS error_fingerprint
    FROM actions AS a
    WHERE tenant_id = {tenant:String}
        AND event_time >= {since:DateTime64(6, 'UTC')}
        AND event_time < {to:DateTime64(6, 'UTC')}
        AND processed_time <= {as_of:DateTime64(6, 'UTC')}
        AND (1 /*slot:rows*/)
    GROUP BY action_key
)
WHERE last_time >= {from:DateTime64(6, 'UTC')}
    AND (last_time, action_key) < ({cursor_time:DateTime64(6, 'UTC')}, {cursor_key:UInt64})
    AND (1 /*slot:filter*/)
ORDER BY last_time DESC, action_key DESC
LIMIT {limit:UInt32}
