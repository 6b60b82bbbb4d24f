-- Who is at work and does not get on: learners who were in a course lately, but have not completed the module that they are in for days.
-- Edit: how many days in a module are too many, how many days ago is lately, and as of which day.
WITH parameters AS (
  SELECT 7 AS stuck_days, 14 AS quiet_days, current_date AS as_of
)
SELECT
  m.course_id,
  m.course_name,
  m.module_id,
  m.module_name,
  m.learner_key,
  m.first_at AS in_it_since,
  m.last_at,
  m.attempts,
  m.failures,
  m.best_score,
  m.seconds / 60 AS minutes
FROM module_progress m
JOIN course_progress c ON c.learner_key = m.learner_key AND c.course_id = m.course_id
CROSS JOIN parameters p
WHERE m.newest
  AND m.ended IS NULL
  AND c.ended IS NULL
  AND m.first_at < date_add('day', -p.stuck_days, p.as_of)
  AND c.last_at >= date_add('day', 1 - p.quiet_days, p.as_of)
ORDER BY m.course_id, m.module_id, in_it_since, m.learner_key
