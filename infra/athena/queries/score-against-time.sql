-- Whether time spent pays: the learners of each course by the time that they spent in it, with the average of their best scores. A course
-- without a score of its own has the mean of its modules'. The correlation is that of the whole course: 1 says that more time went with more points.
-- Edit: how many minutes make a band.
WITH parameters AS (
  SELECT 30 AS band_minutes
),
modules AS (
  SELECT learner_key, course_id, avg(best_score) AS best_score
  FROM module_progress
  GROUP BY learner_key, course_id
),
scored AS (
  SELECT c.course_id, c.course_name, c.seconds / 60 AS minutes, coalesce(c.best_score, m.best_score) AS best_score
  FROM course_progress c
  LEFT JOIN modules m ON m.learner_key = c.learner_key AND m.course_id = c.course_id
  WHERE coalesce(c.best_score, m.best_score) IS NOT NULL
),
correlations AS (
  SELECT
    course_id,
    CASE WHEN min(best_score) < max(best_score) AND min(minutes) < max(minutes) THEN corr(best_score, minutes) END AS correlation
  FROM scored
  GROUP BY course_id
)
SELECT
  s.course_id,
  max(s.course_name) AS course_name,
  CAST(floor(s.minutes / p.band_minutes) AS bigint) * p.band_minutes AS from_minute,
  count(*) AS learners,
  avg(s.best_score) AS average_score,
  max(r.correlation) AS correlation
FROM scored s
CROSS JOIN parameters p
JOIN correlations r ON r.course_id = s.course_id
GROUP BY s.course_id, CAST(floor(s.minutes / p.band_minutes) AS bigint) * p.band_minutes
ORDER BY s.course_id, from_minute
