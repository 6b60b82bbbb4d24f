-- When people learn: how many sittings began at which weekday and hour. A sitting is what a learner does in a course without half an hour of
-- silence. Weekdays are 1 for Monday to 7.
-- Edit: the span, and by how many hours your clocks are ahead of UTC.
WITH parameters AS (
  SELECT CAST(date_add('day', -90, current_date) AS varchar) AS from_day, CAST(current_date AS varchar) AS to_day, 0 AS hours_ahead
),
steps AS ( -- two days more, so that a sitting that began before the span is not taken for one that begins with it
  SELECT
    l.learner_key,
    l.dt,
    l.occurred,
    least(coalesce(l.duration_seconds, 0), 86400) AS took,
    lag(l.occurred) OVER (PARTITION BY l.learner_key, l.course_id ORDER BY l.occurred, l.stored, l.statement_id) AS occurred_before
  FROM learning l
  CROSS JOIN parameters p
  WHERE l.course_id IS NOT NULL AND l.dt >= CAST(date_add('day', -2, CAST(p.from_day AS date)) AS varchar) AND l.dt <= p.to_day
)
SELECT
  day_of_week(date_add('hour', p.hours_ahead, s.occurred)) AS weekday,
  hour(date_add('hour', p.hours_ahead, s.occurred)) AS from_hour,
  count(*) AS sittings,
  count(DISTINCT s.learner_key) AS learners
FROM steps s
CROSS JOIN parameters p
WHERE s.dt >= p.from_day
  AND (s.occurred_before IS NULL OR date_diff('millisecond', s.occurred_before, s.occurred) - s.took * 1000 > 1800000)
GROUP BY 1, 2
ORDER BY 1, 2
