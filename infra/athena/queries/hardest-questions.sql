-- Which questions are answered wrong most often.
-- Edit: the span, and how many judged answers make a question worth a look.
WITH parameters AS (
  SELECT CAST(date_add('day', -365, current_date) AS varchar) AS from_day, CAST(current_date AS varchar) AS to_day, 10 AS least_judged
)
SELECT
  a.question_id,
  max(a.question_name) AS question_name,
  max(a.interaction_type) AS interaction_type,
  count(*) AS answers,
  count(DISTINCT a.learner_key) AS learners,
  count(a.success) AS judged,
  count_if(a.success) AS right_answers,
  CAST(count_if(a.success) AS double) / nullif(count(a.success), 0) AS share_right,
  avg(a.duration_seconds) AS average_seconds
FROM answers a
CROSS JOIN parameters p
WHERE NOT a.voided AND a.dt >= p.from_day AND a.dt <= p.to_day
GROUP BY a.question_id, p.least_judged
HAVING count(a.success) >= p.least_judged
ORDER BY share_right, judged DESC, a.question_id
