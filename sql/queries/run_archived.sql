-- Which of some runs are in the archive of their source: the last word counts.
SELECT run_key
FROM audits
WHERE tenant_id = {tenant:String}
    AND run_key IN {keys:Array(UUID)}
    AND event_time >= {first:DateTime64(6, 'UTC')}
    AND processed_time <= {as_of:DateTime64(6, 'UTC')}
    AND change_kind = 'annotation'
    AND annotation IN ('archive', 'unarchive')
GROUP BY run_key
HAVING argMax(annotation, tuple(event_time, revision)) = 'archive'
