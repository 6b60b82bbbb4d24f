-- Which platforms send late, such as phones that were offline: how many statements came an hour, a day, a week after they happened.
-- Edit: the span.
WITH parameters AS (
  SELECT CAST(date_add('day', -90, current_date) AS varchar) AS from_day, CAST(current_date AS varchar) AS to_day
)
SELECT
  s.platform,
  count(*) AS statements,
  count_if(date_diff('second', s.occurred, s.stored) >= 3600) AS after_an_hour,
  count_if(date_diff('second', s.occurred, s.stored) >= 86400) AS after_a_day,
  count_if(date_diff('second', s.occurred, s.stored) >= 604800) AS after_a_week
FROM statements s
CROSS JOIN parameters p
WHERE s.dt >= p.from_day AND s.dt <= p.to_day
GROUP BY s.platform
ORDER BY after_a_day DESC, s.platform
