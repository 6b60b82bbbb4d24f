-- Where each learner stands in each module of a course. Newest says that it is the module in which he was last.
-- columns: learner_key varchar, course_id varchar, course_name varchar, module_id varchar, module_name varchar, standing varchar, newest boolean, first_at timestamp, last_at timestamp, ended timestamp, attempts bigint, failures bigint, score double, best_score double, seconds double, video_seen double
SELECT
  learner_key,
  course_id,
  course_name,
  module_id,
  module_name,
  CASE WHEN passed THEN 'passed' WHEN failing THEN 'failing' WHEN ended IS NOT NULL THEN 'completed' ELSE 'begun' END AS standing,
  row_number() OVER (PARTITION BY learner_key, course_id ORDER BY last_at DESC, first_at DESC, module_id) = 1 AS newest,
  first_at,
  last_at,
  ended,
  attempts,
  failures,
  score,
  best_score,
  seconds,
  video_seen
FROM progress
WHERE module_id IS NOT NULL
