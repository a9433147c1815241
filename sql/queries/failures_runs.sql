-- How many runs ended in each bucket, by outcome: a run is counted once, at the
-- newest revision of its last attempt, where that one ended. Revisions are
-- read from {since} to the present, because a record may be written before the
-- end it tells of, and a newer one after {to} may have replaced it. The end and
-- the place of the outcome among words travel as one number: 0 does not count.
WITH
    ['success', 'partial', 'failure', 'error', 'timeout', 'cancelled', 'skipped', 'unmet_skip', 'unknown'] AS words
SELECT
    toStartOfInterval(ended, toIntervalSecond({step:UInt32}), 'UTC') AS bucket,
    '' /*slot:by*/ AS name,
    words[code] AS outcome,
    count() AS n
FROM
(
    SELECT
        run_key,
        argMax(16 * toUnixTimestamp64Micro(if(t.ended_time > toDateTime64(0, 6), t.ended_time, t.event_time)) + multiIf(
            t.synthetic, 0,
            t.state IN ('', 'unknown') AND t.outcome_derived != '', transform(t.outcome_derived, words, range(1, 10), 9),
            t.state != 'terminal', 0,
            t.outcome = 'skipped' AND t.error_class = 'permanent', 8,
            t.outcome = '', transform(t.outcome_derived, words, range(1, 10), 9),
            transform(t.outcome, words, range(1, 10), 9)), revision) AS end_and_code,
        end_and_code % 16 AS code,
        fromUnixTimestamp64Micro(intDiv(end_and_code, 16), 'UTC') AS ended,
        argMax(t.error_class, revision) AS error_class,
        argMax(t.error_category, revision) AS error_category,
        argMax(t.error_fingerprint, revision) AS error_fingerprint,
        any(t.source) AS source,
        argMaxIf(t.workflow_id, revision, t.workflow_id != '') AS workflow_id,
        argMaxIf(t.workflow_name, revision, t.workflow_name != '') AS workflow_name,
        argMaxIf(t.target_app, revision, t.target_app != '') AS target_app,
        argMaxIf(t.target_app_id, revision, t.target_app_id != '') AS target_app_id
    FROM runs AS t
    WHERE tenant_id = {tenant:String}
        AND event_time >= {since:DateTime64(6, 'UTC')}
    GROUP BY run_key
)
WHERE code != 0
    AND ended >= {from:DateTime64(6, 'UTC')}
    AND ended < {to:DateTime64(6, 'UTC')}
    AND (1 /*slot:filter*/)
GROUP BY bucket, name, code
ORDER BY bucket, name, code
LIMIT {limit:UInt32}
