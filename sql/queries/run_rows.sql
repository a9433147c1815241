-- Some runs, each as its newest revision; what that one leaves out is taken
-- from the newest of the same attempt that says it.
SELECT
    run_key,
    any(r.run_id) AS run_id,
    any(r.source) AS source,
    any(r.source_uri) AS source_uri,
    max(r.attempt) AS attempt,
    max(event_time) AS last_time,
    argMaxIf(r.workflow_id, revision, r.workflow_id != '') AS workflow_id,
    argMaxIf(r.workflow_name, revision, r.workflow_name != '') AS workflow_name,
    argMaxIf(r.workflow_version, revision, r.workflow_version != '') AS workflow_version,
    argMaxIf(r.trigger_kind, revision, r.trigger_kind != '') AS trigger_kind,
    argMaxIf(r.trigger_name, revision, r.trigger_name != '') AS trigger_name,
    argMaxIf(r.started_time, revision, r.started_time > toDateTime64(0, 6) AND r.attempt = newest) AS started_time,
    argMax(r.ended_time, revision) AS ended_time,
    argMax(r.state, revision) AS state,
    argMax(r.outcome, revision) AS outcome,
    argMax(r.outcome_derived, revision) AS outcome_derived,
    argMax(r.status_native, revision) AS status_native,
    argMax(r.status_reason, revision) AS status_reason,
    argMax(r.wait_reason, revision) AS wait_reason,
    argMaxIf(tuple(r.actor_type, r.actor_id, r.actor_name, r.actor_email), revision,
        r.actor_id != '' OR r.actor_name != '' OR r.actor_email != '') AS actor,
    argMaxIf(r.target_app, revision, r.target_app != '') AS target_app,
    argMax(r.error_class, revision) AS error_class,
    argMax(r.error_category, revision) AS error_category,
    argMax(r.error_code, revision) AS error_code,
    argMax(r.error_message, revision) AS error_message,
    argMax(r.error_type, revision) AS error_type,
    argMax(r.error_fingerprint, revision) AS error_fingerprint,
    argMax(r.error_class_source, revision) AS error_class_source,
    argMax(r.failure_stage, revision) AS failure_stage,
    argMaxIf(r.parent_run_id, revision, r.parent_run_id != '') AS parent_run_id,
    argMaxIf(r.correlation_id, revision, r.correlation_id != '') AS correlation_id,
    argMaxIf(r.business_key, revision, r.business_key != '') AS business_key,
    argMax(r.synthetic, revision) AS synthetic,
    argMaxIf(coalesce(nullIf(r.subject_email, ''), nullIf(r.subject_name, ''), r.subject_id), revision,
        r.subject_id != '' OR r.subject_name != '' OR r.subject_email != '') AS subject,
    uniqExact(event_id) AS revisions
FROM
(
    SELECT *, revision, max(attempt) OVER (PARTITION BY run_key) AS newest
    FROM runs
    WHERE tenant_id = {tenant:String}
        AND run_key IN {keys:Array(UUID)}
        AND event_time >= {first:DateTime64(6, 'UTC')}
        AND event_time <= {last:DateTime64(6, 'UTC')}
        AND processed_time <= {as_of:DateTime64(6, 'UTC')}
) AS r
GROUP BY run_key
