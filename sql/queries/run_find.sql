-- Which runs a source calls {run_id}, and where in time their records lie. An
-- AI step (64) may be of another source than its run, which goes first.
SELECT
    run_key,
    argMin(run_index.source, seen = 64) AS source,
    argMin(run_index.source_uri, seen = 64) AS source_uri,
    min(first_time) AS first_time,
    max(last_time) AS last_time
FROM run_index
WHERE tenant_id = {tenant:String}
    AND run_id = {run_id:String}
    AND (1 /*slot:filter*/)
GROUP BY run_key
ORDER BY source, source_uri, run_key
LIMIT 21
