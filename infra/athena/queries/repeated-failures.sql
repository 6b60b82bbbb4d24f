-- Who failed the same module or course again and again, and never passed it.
-- Edit: how many failures are too many.
WITH parameters AS (
  SELECT 2 AS least_failures
)
SELECT
  g.course_id,
  g.course_name,
  g.module_id,
  g.module_name,
  g.learner_key,
  g.failures,
  g.attempts,
  g.best_score,
  g.last_at
FROM progress g
CROSS JOIN parameters p
WHERE g.failing AND g.failures >= p.least_failures
ORDER BY g.failures DESC, g.course_id, g.module_id, g.learner_key
