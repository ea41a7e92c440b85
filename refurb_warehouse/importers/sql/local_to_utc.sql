-- Local time without a zone, as text, in UTC. Text that is no time stays what it is, so that
-- staging rejects it and shows it. Of the two hours that the end of summer time repeats, the
-- database decides; hours that its start skips move on by the hour skipped.
create macro local_to_utc(local_time, zone) as coalesce(
    cast(timezone('UTC', timezone(zone, try_cast(local_time as timestamp))) as varchar),
    local_time
)
