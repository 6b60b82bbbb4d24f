-- Where each learner stands in each course: standing is passed, failing, completed or begun, as in reports.
-- columns: learner_key varchar, course_id varchar, course_name varchar, standing varchar, first_at timestamp, last_at timestamp, ended timestamp, days_to_end bigint, attempts bigint, failures bigint, best_score double, seconds double, sessions bigint
SELECT
  learner_key,
  course_id,
  course_name,
  CASE WHEN passed THEN 'passed' WHEN failing THEN 'failing' WHEN ended IS NOT NULL THEN 'completed' ELSE 'begun' END AS standing,
  first_at,
  last_at,
  ended,
  date_diff('day', first_at, ended) AS days_to_end,
  attempts,
  failures,
  best_score,
  seconds,
  sessions
FROM progress
WHERE module_id IS NULL
