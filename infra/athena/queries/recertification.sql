-- Whose completion has grown old, or soon will: the last completed or passed attempt of each learner at each course, when it is older than that.
-- Edit: for how many days a completion is good, how many days before its end you want to know, and as of which day.
WITH parameters AS (
  SELECT 365 AS good_for_days, 30 AS days_ahead, current_date AS as_of
),
newest AS (
  SELECT learner_key, course_id, max(course_name) AS course_name, max(CAST(last_at AS date)) AS completed_on
  FROM attempts
  WHERE module_id IS NULL AND (completed OR passed)
  GROUP BY learner_key, course_id
)
SELECT
  n.course_id,
  n.course_name,
  n.learner_key,
  n.completed_on,
  date_add('day', p.good_for_days, n.completed_on) AS good_until,
  date_add('day', p.good_for_days, n.completed_on) < p.as_of AS expired
FROM newest n
CROSS JOIN parameters p
WHERE date_add('day', p.good_for_days - p.days_ahead, n.completed_on) < p.as_of
ORDER BY good_until, n.course_id, n.learner_key
