-- What each integration stored of each day: a check on whether it still sends, how late it sends, and how much of it was voided.
-- Edit: the span.
WITH parameters AS (
  SELECT CAST(date_add('day', -30, current_date) AS varchar) AS from_day, CAST(current_date AS varchar) AS to_day
)
SELECT
  s.dt AS of_day,
  s.authority,
  count(*) AS statements,
  count_if(s.voided) AS voided,
  count(DISTINCT s.actor_key) AS actors,
  count(DISTINCT s.platform) AS platforms,
  max(date_diff('second', s.occurred, s.stored)) AS latest_by_seconds,
  max(s.stored) AS last_stored
FROM statements s
CROSS JOIN parameters p
WHERE s.dt >= p.from_day AND s.dt <= p.to_day
GROUP BY s.dt, s.authority
ORDER BY s.dt, s.authority
