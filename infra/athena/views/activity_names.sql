-- What courses and modules are called, one row for each that has a name.
-- columns: activity_id varchar, activity_name varchar
SELECT called.activity_id, max(called.activity_name) AS activity_name
FROM (
  SELECT course_id AS activity_id, course_name AS activity_name FROM progress
  UNION ALL
  SELECT module_id AS activity_id, module_name AS activity_name FROM progress
) called
WHERE called.activity_id IS NOT NULL AND called.activity_name IS NOT NULL
GROUP BY called.activity_id
