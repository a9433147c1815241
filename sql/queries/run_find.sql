-- Which runs a source calls {run_id}, and where in time their records lie. An
-- AI step (64) may be of another source than its run, which goes first.
SELECT run_key, source, source_uri, first_time, last_time
FROM
(
    SELECT
        run_key,
        argMin(i.source, seen = 64) AS source,
        argMin(i.source_uri, seen = 64) AS source_uri,
        min(i.first_time) AS first_time,
        max(i.last_time) AS last_time
    FROM run_index AS i
    WHERE tenant_id = {tenant:String}
        AND run_id = {run_id:String}
    GROUP BY run_key
)
WHERE (1 /*slot:filter*/)
ORDER BY source, source_uri, run_key
LIMIT 21
