-- Whom some runs were for: subjects of their own and of their actions.
SELECT
    run_key,
    uniqExact(who) AS subjects,
    argMin(who, tuple(event_time, who)) AS first_subject
FROM
(
    SELECT run_key, event_time, coalesce(nullIf(subject_email, ''), nullIf(subject_name, ''), subject_id) AS who
    FROM subjects
    WHERE tenant_id = {tenant:String}
        AND run_key IN {keys:Array(UUID)}
        AND event_time >= {first:DateTime64(6, 'UTC')}
        AND event_time <= {last:DateTime64(6, 'UTC')}
        AND processed_time <= {as_of:DateTime64(6, 'UTC')}
    UNION ALL
    SELECT run_key, event_time, coalesce(nullIf(subject_email, ''), nullIf(subject_name, ''), subject_id) AS who
    FROM actions
    WHERE tenant_id = {tenant:String}
        AND run_key IN {keys:Array(UUID)}
        AND event_time >= {first:DateTime64(6, 'UTC')}
        AND event_time <= {last:DateTime64(6, 'UTC')}
        AND processed_time <= {as_of:DateTime64(6, 'UTC')}
)
WHERE who != ''
GROUP BY run_key
