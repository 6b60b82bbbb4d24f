-- Who stands behind the keys of the other tables. It reads what you may not be allowed to.
SELECT actor_key, identity, name AS person_name
FROM identities
ORDER BY actor_key, identity
