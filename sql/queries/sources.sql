-- What each source has sent in [from, to): records as they arrived, revisions
-- and repeated deliveries included.
SELECT
    source,
    uniqExactIf(source_uri, kind != 5) AS instances,
    sumIf(n, kind = 1) AS runs,
    sumIf(n, kind = 2) AS subjects,
    sumIf(n, kind = 3) AS actions,
    sumIf(n, kind = 4) AS audits,
    sumIf(n, kind = 7) AS ai_steps,
    sumIf(n, kind = 5) AS rejected
FROM
(
    SELECT source, source_uri, 1 AS kind, count() AS n
    FROM runs
    WHERE tenant_id = {tenant:String} AND event_time >= {from:DateTime64(6, 'UTC')} AND event_time < {to:DateTime64(6, 'UTC')}
    GROUP BY source, source_uri
    UNION ALL
    SELECT source, source_uri, 2 AS kind, count() AS n
    FROM subjects
    WHERE tenant_id = {tenant:String} AND event_time >= {from:DateTime64(6, 'UTC')} AND event_time < {to:DateTime64(6, 'UTC')}
    GROUP BY source, source_uri
    UNION ALL
    SELECT source, source_uri, 3 AS kind, count() AS n
    FROM actions
    WHERE tenant_id = {tenant:String} AND event_time >= {from:DateTime64(6, 'UTC')} AND event_time < {to:DateTime64(6, 'UTC')}
    GROUP BY source, source_uri
    UNION ALL
    SELECT source, source_uri, 4 AS kind, count() AS n
    FROM audits
    WHERE tenant_id = {tenant:String} AND event_time >= {from:DateTime64(6, 'UTC')} AND event_time < {to:DateTime64(6, 'UTC')}
    GROUP BY source, source_uri
    UNION ALL
    SELECT source, source_uri, 7 AS kind, count() AS n
    FROM ai_steps
    WHERE tenant_id = {tenant:String} AND event_time >= {from:DateTime64(6, 'UTC')} AND event_time < {to:DateTime64(6, 'UTC')}
    GROUP BY source, source_uri
    UNION ALL
    SELECT source, '' AS source_uri, 5 AS kind, count() AS n
    FROM dead_letters
    WHERE tenant_id = {tenant:String} AND received_time >= {from:DateTime64(6, 'UTC')} AND received_time < {to:DateTime64(6, 'UTC')}
    GROUP BY source
)
GROUP BY source
ORDER BY source
