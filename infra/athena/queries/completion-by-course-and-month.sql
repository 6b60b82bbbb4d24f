-- How many learners began and completed each course, month by month; and of those who began in a month, how many have completed by now.
-- Edit: the first day of the first month.
WITH parameters AS (
  SELECT CAST(date_trunc('month', date_add('month', -12, current_date)) AS date) AS from_date
),
months AS (
  SELECT course_id, date_format(first_at, '%Y-%m') AS in_month, count(*) AS began, 0 AS completed, count(ended) AS completed_since
  FROM course_progress CROSS JOIN parameters p
  WHERE first_at >= p.from_date
  GROUP BY 1, 2
  UNION ALL
  SELECT course_id, date_format(ended, '%Y-%m') AS in_month, 0 AS began, count(*) AS completed, 0 AS completed_since
  FROM course_progress CROSS JOIN parameters p
  WHERE ended >= p.from_date
  GROUP BY 1, 2
)
SELECT
  m.course_id,
  max(n.activity_name) AS course_name,
  m.in_month,
  sum(m.began) AS began,
  sum(m.completed) AS completed,
  sum(m.completed_since) AS completed_of_those_who_began,
  CAST(sum(m.completed_since) AS double) / nullif(sum(m.began), 0) AS share_completed
FROM months m
LEFT JOIN activity_names n ON n.activity_id = m.course_id
GROUP BY m.course_id, m.in_month
ORDER BY m.course_id, m.in_month
