-- What each platform tells: its verbs, how often, of how many activities and learners, and since when. For whoever connects them.
-- Edit: the span.
WITH parameters AS (
  SELECT CAST(date_add('day', -90, current_date) AS varchar) AS from_day, CAST(current_date AS varchar) AS to_day
)
SELECT
  l.platform,
  l.verb,
  count(DISTINCT l.statement_id) AS statements,
  count(DISTINCT l.learner_key) AS learners,
  count(DISTINCT l.activity_id) AS activities,
  min(l.dt) AS first_day,
  max(l.dt) AS last_day
FROM learning l
CROSS JOIN parameters p
WHERE l.dt >= p.from_day AND l.dt <= p.to_day
GROUP BY l.platform, l.verb
ORDER BY l.platform, statements DESC, l.verb
