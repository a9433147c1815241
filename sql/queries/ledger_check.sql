-- Is everything that the ledger says in the tables, and nothing else? One row
-- for each partition of each topic. All is well where holes is 0, rows_found =
-- rows_ledger, rejects_found = rejects_ledger and same_hash.
WITH
    ranges AS
    (
        SELECT
            src_topic,
            src_partition,
            epoch,
            sum(last_offset - first_offset + 1) AS covered,
            max(last_offset) - min(first_offset) + 1 AS span,
            max(last_offset) AS last,
            sum(records) AS records,
            sum(rejects) AS rejects,
            sum(hash_sum) AS hash_sum
        FROM ledger
        GROUP BY src_topic, src_partition, epoch
    ),
    stored AS
    (
        SELECT src_topic, src_partition, content_hash FROM runs
        UNION ALL
        SELECT src_topic, src_partition, content_hash FROM subjects
        UNION ALL
        SELECT src_topic, src_partition, content_hash FROM actions
        UNION ALL
        SELECT src_topic, src_partition, content_hash FROM audits
        UNION ALL
        SELECT src_topic, src_partition, content_hash FROM ai_steps
    ),
    found AS
    (
        SELECT
            src_topic,
            src_partition,
            count() AS records,
            sum(reinterpretAsUInt128(reverse(substring(content_hash, 1, 16)))) AS hash_sum
        FROM stored
        GROUP BY src_topic, src_partition
    ),
    refused AS
    (
        SELECT src_topic, src_partition, count() AS rejects
        FROM dead_letters
        GROUP BY src_topic, src_partition
    )
SELECT
    l.src_topic AS topic,
    l.src_partition AS partition,
    sum(abs(l.span - l.covered)) AS holes,
    max(l.last) AS last_offset,
    sum(l.records) AS rows_ledger,
    any(f.records) AS rows_found,
    sum(l.rejects) AS rejects_ledger,
    any(r.rejects) AS rejects_found,
    sum(l.hash_sum) = any(f.hash_sum) AS same_hash
FROM ranges AS l
LEFT JOIN found AS f ON f.src_topic = l.src_topic AND f.src_partition = l.src_partition
LEFT JOIN refused AS r ON r.src_topic = l.src_topic AND r.src_partition = l.src_partition
GROUP BY topic, partition
ORDER BY topic, partition
