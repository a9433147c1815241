-- What the clock of the database says, and the newest receipt of the tenant.
SELECT
    now64(6, 'UTC') AS now,
    (SELECT max(last_received_time) FROM freshness WHERE tenant_id = {tenant:String}) AS data_as_of
