-- Where in time the records of some runs lie.
SELECT min(first_time) AS first_time, max(last_time) AS last_time
FROM run_index
WHERE tenant_id = {tenant:String}
    AND run_id IN {run_ids:Array(String)}
    AND run_key IN {keys:Array(UUID)}
