-- Who comes back: of the learners whose first week it was, how many learnt something 1, 2, 3… weeks later. Weeks begin on Monday.
-- Edit: the Monday of the first week, and how many weeks each is followed.
WITH parameters AS (
  SELECT CAST(date_trunc('week', date_add('day', -84, current_date)) AS date) AS from_date, 12 AS most_weeks
),
firsts AS (
  SELECT learner_key, CAST(date_trunc('week', min(first_at)) AS date) AS cohort_week
  FROM course_progress
  GROUP BY learner_key
),
cohorts AS (
  SELECT f.learner_key, f.cohort_week, count(*) OVER (PARTITION BY f.cohort_week) AS learners
  FROM firsts f
  CROSS JOIN parameters p
  WHERE f.cohort_week >= p.from_date
),
active AS (
  SELECT DISTINCT l.learner_key, CAST(date_trunc('week', l.occurred) AS date) AS active_week
  FROM learning l
  CROSS JOIN parameters p
  WHERE l.dt >= CAST(p.from_date AS varchar) AND l.course_id IS NOT NULL
)
SELECT
  c.cohort_week,
  c.learners,
  date_diff('week', c.cohort_week, a.active_week) AS weeks_later,
  count(*) AS active_learners,
  CAST(count(*) AS double) / c.learners AS share_active
FROM cohorts c
JOIN active a ON a.learner_key = c.learner_key
CROSS JOIN parameters p
WHERE date_diff('week', c.cohort_week, a.active_week) BETWEEN 0 AND p.most_weeks
GROUP BY c.cohort_week, c.learners, a.active_week
ORDER BY c.cohort_week, weeks_later
