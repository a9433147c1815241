-- One page of the runs whose last event lies in [from, to), latest first.
-- A row is a run; its status is that of its newest revision. Revisions are read
-- from {since}, which lies before {from}, because a late one may be of an
-- earlier time; nothing after {as_of} is seen, so that pages fit together.
SELECT run_key, run_id, last_time, first_time
FROM
(
    SELECT
        run_key,
        any(r.run_id) AS run_id,
        max(event_time) AS last_time,
        min(event_time) AS first_time,
        any(r.source) AS source,
        argMaxIf(r.workflow_id, revision, r.workflow_id != '') AS workflow_id,
        argMaxIf(r.workflow_name, revision, r.workflow_name != '') AS workflow_name,
        argMaxIf(r.trigger_kind, revision, r.trigger_kind != '') AS trigger_kind,
        argMaxIf(r.target_app, revision, r.target_app != '') AS target_app,
        argMaxIf(r.target_app_id, revision, r.target_app_id != '') AS target_app_id,
        argMax(r.state, revision) AS state,
        argMax(r.outcome, revision) AS outcome,
        argMax(r.outcome_derived, revision) AS outcome_derived,
        argMax(r.error_class, revision) AS error_class,
        argMax(r.error_category, revision) AS error_category,
        argMax(r.error_fingerprint, revision) AS error_fingerprint
    FROM runs AS r
    WHERE tenant_id = {tenant:String}
        AND event_time >= {since:DateTime64(6, 'UTC')}
        AND event_time < {to:DateTime64(6, 'UTC')}
        AND processed_time <= {as_of:DateTime64(6, 'UTC')}
        AND (1 /*slot:rows*/)
    GROUP BY run_key
)
WHERE last_time >= {from:DateTime64(6, 'UTC')}
    AND (last_time, run_key) < ({cursor_time:DateTime64(6, 'UTC')}, {cursor_key:UUID})
    AND (1 /*slot:filter*/)
ORDER BY last_time DESC, run_key DESC
LIMIT {limit:UInt32}
