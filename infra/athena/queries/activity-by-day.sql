-- What happened each day: learners, statements, sessions, time, completions and passes.
-- Edit: the span.
WITH parameters AS (
  SELECT CAST(date_add('day', -30, current_date) AS varchar) AS from_day, CAST(current_date AS varchar) AS to_day
),
figures AS (
  SELECT
    d.dt,
    sum(d.statements) AS statements,
    sum(d.sessions) AS sessions,
    sum(d.seconds) AS seconds,
    sum(d.attempts) AS attempts,
    sum(d.completions) AS completions,
    sum(d.passes) AS passes,
    sum(d.failures) AS failures,
    sum(d.score_sum) / nullif(sum(d.scores), 0) AS average_score
  FROM daily d
  CROSS JOIN parameters p
  WHERE d.dt >= p.from_day AND d.dt <= p.to_day
  GROUP BY d.dt
),
who AS ( -- what a clock ahead of time dates later than tomorrow has another dt, but daily has it as it is dated
  SELECT CAST(CAST(l.occurred AS date) AS varchar) AS of_day, count(DISTINCT l.learner_key) AS learners
  FROM learning l
  CROSS JOIN parameters p
  WHERE l.dt >= p.from_day AND l.dt <= p.to_day AND l.course_id IS NOT NULL
  GROUP BY CAST(CAST(l.occurred AS date) AS varchar)
)
SELECT
  f.dt AS of_day,
  coalesce(w.learners, 0) AS learners,
  f.statements,
  f.sessions,
  f.seconds / 3600 AS hours,
  f.attempts,
  f.completions,
  f.passes,
  f.failures,
  f.average_score
FROM figures f
LEFT JOIN who w ON w.of_day = f.dt
ORDER BY f.dt
