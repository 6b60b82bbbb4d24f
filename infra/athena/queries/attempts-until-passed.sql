-- How many attempts it takes: the learners of each module or course by the number of the attempt that they passed first; nothing for those who never did.
-- Edit: the fewest learners that make it worth a look.
WITH parameters AS (
  SELECT 1 AS least_learners
),
firsts AS (
  SELECT
    learner_key,
    course_id,
    max(course_name) AS course_name,
    module_id,
    max(module_name) AS module_name,
    min(CASE WHEN passed THEN n END) AS passed_at
  FROM attempts
  GROUP BY learner_key, course_id, module_id
)
SELECT
  f.course_id,
  max(f.course_name) AS course_name,
  f.module_id,
  max(f.module_name) AS module_name,
  f.passed_at AS attempt_passed,
  count(*) AS learners
FROM firsts f
CROSS JOIN parameters p
GROUP BY f.course_id, f.module_id, f.passed_at, p.least_learners
HAVING count(*) >= p.least_learners
ORDER BY f.course_id, f.module_id, f.passed_at
