-- How long modules take: the minutes that learners who completed them spent, half of them no more than the median, nine in ten no more than the
-- last figure. Athena's median is an approximate one.
-- Edit: the fewest learners that make it worth a look.
WITH parameters AS (
  SELECT 1 AS least_learners
)
SELECT
  m.course_id,
  max(m.course_name) AS course_name,
  m.module_id,
  max(m.module_name) AS module_name,
  count(*) AS learners,
  avg(m.seconds) / 60 AS average_minutes,
  approx_percentile(m.seconds, 0.5e0) / 60 AS median_minutes,
  approx_percentile(m.seconds, 0.9e0) / 60 AS nine_in_ten_minutes
FROM module_progress m
CROSS JOIN parameters p
WHERE m.ended IS NOT NULL
GROUP BY m.course_id, m.module_id, p.least_learners
HAVING count(*) >= p.least_learners
ORDER BY average_minutes DESC, m.course_id, m.module_id
