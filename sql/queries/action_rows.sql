-- Some actions, each as the newest revision of its last attempt.
SELECT
    action_key,
    event_id,
    event_time,
    started_time,
    ended_time,
    attempt,
    state,
    outcome,
    status_native,
    status_reason,
    wait_reason,
    actor_type,
    actor_id,
    actor_name,
    actor_email,
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
    task_type,
    operation,
    effect,
    retry_state,
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
    resolution,
    manual_task_id,
    step_log,
    changes,
    synthetic,
    correlation_id,
    run_id,
    source,
    workflow_id,
    workflow_name
FROM actions
WHERE tenant_id = {tenant:String}
    AND action_key IN {keys:Array(UInt64)}
    AND event_time >= {first:DateTime64(6, 'UTC')}
    AND event_time <= {last:DateTime64(6, 'UTC')}
    AND processed_time <= {as_of:DateTime64(6, 'UTC')}
ORDER BY attempt DESC, updated_time DESC, recorded_time DESC, event_time DESC, received_time DESC, src_offset DESC
LIMIT 1 BY action_key
LIMIT {limit:UInt32}
