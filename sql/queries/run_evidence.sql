-- Every version of every record of one run, however often it was delivered.
SELECT
    record,
    event_id,
    any(entity_id) AS entity_id,
    lower(hex(any(raw_hash))) AS raw_hash,
    any(t.event_time) AS event_time,
    min(received_time) AS received,
    count() AS deliveries,
    argMin(src_topic, tuple(received_time, src_offset)) AS topic,
    argMin(src_partition, tuple(received_time, src_offset)) AS partition,
    argMin(src_offset, tuple(received_time, src_offset)) AS offset
FROM
(
    SELECT 'run' AS record, event_id, entity_id, raw_hash, event_time, received_time, src_topic, src_partition, src_offset
    FROM runs
    WHERE tenant_id = {tenant:String} AND run_key = {key:UUID}
        AND event_time >= {first:DateTime64(6, 'UTC')} AND event_time <= {last:DateTime64(6, 'UTC')}
    UNION ALL
    SELECT 'subject' AS record, event_id, entity_id, raw_hash, event_time, received_time, src_topic, src_partition, src_offset
    FROM subjects
    WHERE tenant_id = {tenant:String} AND run_key = {key:UUID}
        AND event_time >= {first:DateTime64(6, 'UTC')} AND event_time <= {last:DateTime64(6, 'UTC')}
    UNION ALL
    SELECT 'action' AS record, event_id, entity_id, raw_hash, event_time, received_time, src_topic, src_partition, src_offset
    FROM actions
    WHERE tenant_id = {tenant:String} AND run_key = {key:UUID}
        AND event_time >= {first:DateTime64(6, 'UTC')} AND event_time <= {last:DateTime64(6, 'UTC')}
    UNION ALL
    SELECT 'audit' AS record, event_id, entity_id, raw_hash, event_time, received_time, src_topic, src_partition, src_offset
    FROM audits
    WHERE tenant_id = {tenant:String} AND run_key = {key:UUID}
        AND event_time >= {since:DateTime64(6, 'UTC')}
    UNION ALL
    SELECT 'ai_step' AS record, event_id, entity_id, raw_hash, event_time, received_time, src_topic, src_partition, src_offset
    FROM ai_steps
    WHERE tenant_id = {tenant:String} AND run_key = {key:UUID}
        AND event_time >= {since:DateTime64(6, 'UTC')}
) AS t
GROUP BY record, event_id
ORDER BY event_time, record, event_id
LIMIT {limit:UInt32}
