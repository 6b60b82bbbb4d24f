-- What was learnt: each statement that counts, one row for each of its learners. Voided and voiding statements are left out.
-- columns: dt varchar, statement_id varchar, learner_key varchar, occurred timestamp, stored timestamp, verb varchar, activity_id varchar, activity_type varchar, activity_name varchar, course_id varchar, module_id varchar, success boolean, completion boolean, score double, duration_seconds double, registration varchar, platform varchar, modality varchar, authority varchar
SELECT
  s.dt,
  s.id AS statement_id,
  l.learner_key,
  s.occurred,
  s.stored,
  s.verb,
  s.activity_id,
  s.activity_type,
  s.activity_name,
  s.course_id,
  s.module_id,
  s.success,
  s.completion,
  s.score,
  s.duration_seconds,
  s.registration,
  s.platform,
  s.modality,
  s.authority
FROM statements s
CROSS JOIN UNNEST(s.learners) AS l (learner_key)
WHERE NOT s.voided
  AND NOT (s.verb = 'http://adlnet.gov/expapi/verbs/voided' AND s.object_kind = 'StatementRef')
