-- Each course at a glance: how many learners began it, completed it, passed, fail, have gone silent, and how long they took.
-- Edit: after how many days without a statement somebody is inactive, and as of which day.
WITH parameters AS (
  SELECT 14 AS quiet_days, current_date AS as_of
)
SELECT
  c.course_id,
  max(c.course_name) AS course_name,
  count(*) AS began,
  count(c.ended) AS completed,
  count_if(c.standing = 'passed') AS passed,
  count_if(c.standing = 'failing') AS failing,
  count_if(c.ended IS NULL AND c.last_at < date_add('day', 1 - p.quiet_days, p.as_of)) AS inactive,
  CAST(count(c.ended) AS double) / count(*) AS share_completed,
  avg(CAST(c.days_to_end AS double)) AS average_days_to_end,
  sum(c.seconds) / 3600 AS hours
FROM course_progress c
CROSS JOIN parameters p
GROUP BY c.course_id
ORDER BY began DESC, c.course_id
