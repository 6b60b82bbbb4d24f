-- Which passages of videos are watched again and again. Views are how often a passage was played, viewers the learners who saw it (in
-- several courses each counts several times), and repeats the views beyond the first of each viewer.
-- Edit: the span, how long a passage is, in seconds (5 or more for videos of hours), and how many repeats make it worth a look.
WITH parameters AS (
  SELECT
    CAST(date_add('day', -365, current_date) AS varchar) AS from_day,
    CAST(current_date AS varchar) AS to_day,
    10 AS passage_seconds,
    1 AS least_repeats
),
stretches AS ( -- by the passages whose middle they have; a viewing tells with each statement all that it has played so far
  SELECT
    v.learner_key,
    v.course_id,
    v.video_id,
    coalesce(v.session, v.dt) AS viewing,
    v.statement_id,
    CAST(ceil(v.from_second / p.passage_seconds - 0.5e0) AS bigint) AS first_passage,
    CAST(ceil(v.to_second / p.passage_seconds - 0.5e0) AS bigint) - 1 AS last_passage
  FROM video_segments v
  CROSS JOIN parameters p
  WHERE NOT v.voided AND v.dt >= p.from_day AND v.dt <= p.to_day
),
told AS (
  SELECT s.learner_key, s.course_id, s.video_id, s.viewing, s.statement_id, t.passage, count(*) AS times
  FROM stretches s
  CROSS JOIN UNNEST(sequence(s.first_passage, s.last_passage)) AS t (passage)
  WHERE s.first_passage <= s.last_passage
  GROUP BY s.learner_key, s.course_id, s.video_id, s.viewing, s.statement_id, t.passage
),
viewings AS (
  SELECT learner_key, course_id, video_id, viewing, passage, max(times) AS times
  FROM told
  GROUP BY learner_key, course_id, video_id, viewing, passage
),
viewers AS (
  SELECT learner_key, course_id, video_id, passage, sum(times) AS times
  FROM viewings
  GROUP BY learner_key, course_id, video_id, passage
)
SELECT
  v.video_id,
  max(n.activity_name) AS video_name,
  v.passage * p.passage_seconds AS from_second,
  (v.passage + 1) * p.passage_seconds AS to_second,
  sum(v.times) AS views,
  count(*) AS viewers,
  sum(v.times) - count(*) AS repeats
FROM viewers v
CROSS JOIN parameters p
LEFT JOIN activity_names n ON n.activity_id = v.video_id
GROUP BY v.video_id, v.passage, p.passage_seconds, p.least_repeats
HAVING sum(v.times) - count(*) >= p.least_repeats
ORDER BY repeats DESC, views DESC, v.video_id, from_second
