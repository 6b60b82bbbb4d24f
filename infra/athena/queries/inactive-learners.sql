-- Who began a course, did not complete it, and has done nothing in it lately.
-- Edit: after how many days without a statement somebody is inactive, and as of which day.
WITH parameters AS (
  SELECT 14 AS quiet_days, current_date AS as_of
),
modules AS (
  SELECT learner_key, course_id, count(*) AS begun, count(ended) AS completed, max(CASE WHEN newest THEN module_id END) AS last_module_id
  FROM module_progress
  GROUP BY learner_key, course_id
)
SELECT
  c.course_id,
  c.course_name,
  c.learner_key,
  c.last_at,
  date_diff('day', CAST(c.last_at AS date), p.as_of) AS days_silent,
  coalesce(m.begun, 0) AS modules_begun,
  coalesce(m.completed, 0) AS modules_completed,
  m.last_module_id,
  c.seconds / 60 AS minutes
FROM course_progress c
CROSS JOIN parameters p
LEFT JOIN modules m ON m.learner_key = c.learner_key AND m.course_id = c.course_id
WHERE c.ended IS NULL AND c.last_at < date_add('day', 1 - p.quiet_days, p.as_of)
ORDER BY c.course_id, days_silent DESC, c.learner_key
