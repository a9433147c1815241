-- Which runs a source calls {run_id}, and where in time their records lie.
SELECT
    run_key,
    source,
    source_uri,
    min(first_time) AS first_time,
    max(last_time) AS last_time
FROM run_index
WHERE tenant_id = {tenant:String}
    AND run_id = {run_id:String}
    AND (1 /*slot:filter*/)
GROUP BY run_key, source, source_uri
ORDER BY source, source_uri, run_key
LIMIT 21
