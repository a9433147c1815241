-- How far each source has come.
SELECT source, max(last_event_time) AS last_event_time, max(last_received_time) AS last_received_time
FROM freshness
WHERE tenant_id = {tenant:String}
GROUP BY source
ORDER BY source
