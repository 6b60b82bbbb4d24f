-- What is answered instead: each response that questions got, how often, and how often it was right. People's own words are not listed.
-- Edit: the span, and how often a response must have been given.
WITH parameters AS (
  SELECT CAST(date_add('day', -365, current_date) AS varchar) AS from_day, CAST(current_date AS varchar) AS to_day, 1 AS least_answers
)
SELECT
  a.question_id,
  max(a.question_name) AS question_name,
  a.response,
  count(*) AS answers,
  count_if(a.success) AS right_answers,
  CAST(count(*) AS double) / sum(count(*)) OVER (PARTITION BY a.question_id) AS share_of_responses
FROM answers a
CROSS JOIN parameters p
WHERE NOT a.voided AND a.dt >= p.from_day AND a.dt <= p.to_day AND a.response IS NOT NULL
GROUP BY a.question_id, a.response, p.least_answers
HAVING count(*) >= p.least_answers
ORDER BY a.question_id, answers DESC, a.response
