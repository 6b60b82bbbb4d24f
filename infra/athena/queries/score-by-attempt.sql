-- Whether trying again helps: the average score of first, second, third… attempts.
-- Edit: up to which attempt.
WITH parameters AS (
  SELECT 5 AS most_attempts
)
SELECT
  a.course_id,
  max(a.course_name) AS course_name,
  a.module_id,
  max(a.module_name) AS module_name,
  a.n AS attempt,
  count(*) AS attempts,
  count(a.score) AS scored,
  avg(a.score) AS average_score,
  count_if(a.passed) AS passes,
  count_if(NOT a.passed) AS failures
FROM attempts a
CROSS JOIN parameters p
WHERE a.n <= p.most_attempts
GROUP BY a.course_id, a.module_id, a.n
ORDER BY a.course_id, a.module_id, a.n
