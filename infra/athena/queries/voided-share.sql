-- How much is taken back: the share of statements that were voided, by month and by who stored them.
-- Edit: the span.
WITH parameters AS (
  SELECT CAST(date_add('day', -365, current_date) AS varchar) AS from_day, CAST(current_date AS varchar) AS to_day
)
SELECT
  substr(s.dt, 1, 7) AS in_month,
  s.authority,
  count(*) AS statements,
  count_if(s.voided) AS voided,
  CAST(count_if(s.voided) AS double) / count(*) AS share_voided
FROM statements s
CROSS JOIN parameters p
WHERE s.dt >= p.from_day AND s.dt <= p.to_day
GROUP BY 1, 2
ORDER BY 1, 2
