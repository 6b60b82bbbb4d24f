-- Where the time goes: what was done, and for how long, on which platform and in which way of learning.
-- Edit: the span.
WITH parameters AS (
  SELECT CAST(date_add('day', -90, current_date) AS varchar) AS from_day, CAST(current_date AS varchar) AS to_day
),
spent AS (
  SELECT d.platform, d.modality, sum(d.statements) AS statements, sum(d.sessions) AS sessions, sum(d.seconds) AS seconds
  FROM daily d
  CROSS JOIN parameters p
  WHERE d.dt >= p.from_day AND d.dt <= p.to_day
  GROUP BY d.platform, d.modality
),
who AS (
  SELECT l.platform, l.modality, count(DISTINCT l.learner_key) AS learners
  FROM learning l
  CROSS JOIN parameters p
  WHERE l.dt >= p.from_day AND l.dt <= p.to_day AND l.course_id IS NOT NULL
  GROUP BY l.platform, l.modality
)
SELECT
  s.platform,
  s.modality,
  w.learners,
  s.statements,
  s.sessions,
  s.seconds / 3600 AS hours,
  s.seconds / nullif(sum(s.seconds) OVER (), 0) AS share_of_time
FROM spent s
LEFT JOIN who w ON coalesce(w.platform, '') = coalesce(s.platform, '') AND w.modality = s.modality
ORDER BY hours DESC, s.platform, s.modality
