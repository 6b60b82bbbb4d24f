-- Where in a course learners stop: of each module how many began and ended it, and for how many it was the last thing they did before
-- they left the course unfinished. Modules come in the order in which most learners begin them.
-- Edit: after how many days without a statement somebody has stopped, and as of which day.
WITH parameters AS (
  SELECT 14 AS quiet_days, current_date AS as_of
)
SELECT
  m.course_id,
  max(m.course_name) AS course_name,
  m.module_id,
  max(m.module_name) AS module_name,
  count(*) AS began,
  count(m.ended) AS completed,
  CAST(count(m.ended) AS double) / count(*) AS share_completed,
  count_if(m.newest AND c.ended IS NULL AND c.last_at < date_add('day', 1 - p.quiet_days, p.as_of)) AS stopped_here
FROM module_progress m
JOIN course_progress c ON c.learner_key = m.learner_key AND c.course_id = m.course_id
CROSS JOIN parameters p
GROUP BY m.course_id, m.module_id
ORDER BY m.course_id, began DESC, m.module_id
