-- The subjects of one run, each as its newest revision.
SELECT event_time, subject_id, subject_name, subject_email, state, outcome
FROM subjects
WHERE tenant_id = {tenant:String}
    AND run_key = {key:UUID}
    AND event_time >= {first:DateTime64(6, 'UTC')}
    AND event_time <= {last:DateTime64(6, 'UTC')}
ORDER BY attempt DESC, updated_time DESC, recorded_time DESC, event_time DESC, received_time DESC, src_offset DESC
LIMIT 1 BY source_uri, if(native_id = '', toString(entity_id), native_id)
LIMIT {limit:UInt32}
