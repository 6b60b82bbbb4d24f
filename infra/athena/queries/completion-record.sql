-- The record of who completed what, and when: what an audit asks for. Keys stand for people; completion-record-by-name has their names.
-- Edit: the span in which courses were completed.
WITH parameters AS (
  SELECT date_add('day', -365, current_date) AS from_date, current_date AS to_date
)
SELECT
  c.course_id,
  c.course_name,
  c.learner_key,
  c.standing,
  c.first_at,
  c.ended,
  c.attempts,
  c.best_score,
  c.seconds / 3600 AS hours
FROM course_progress c
CROSS JOIN parameters p
WHERE CAST(c.ended AS date) BETWEEN p.from_date AND p.to_date
ORDER BY c.course_id, c.ended, c.learner_key
