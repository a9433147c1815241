-- What was said about one run, each as its newest revision.
SELECT event_id, event_time, annotation, cause, reason, actor_type, actor_id, actor_name, actor_email
FROM audits
WHERE tenant_id = {tenant:String}
    AND run_key = {key:UUID}
    AND event_time >= {since:DateTime64(6, 'UTC')}
    AND change_kind = 'annotation'
ORDER BY attempt DESC, updated_time DESC, recorded_time DESC, event_time DESC, received_time DESC, src_offset DESC
LIMIT 1 BY entity_id
LIMIT {limit:UInt32}
