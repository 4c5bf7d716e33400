-- Reads what a connection before has written; errors are told and leave the database as it was.
SELECT count(*), round(total(value), 2) FROM sample;
SELECT name FROM sample WHERE id IN (5, 42, 99999) ORDER BY id;
SELECT json_group_array(id) FROM (SELECT id FROM sample WHERE class = 7 ORDER BY id LIMIT 5);
.mode csv
SELECT class, group_concat(id, ' ') FROM (SELECT class, id FROM sample WHERE id < 60 ORDER BY id) GROUP BY class LIMIT 4;
.mode json
SELECT id, name FROM sample LIMIT 2;
.mode box
SELECT id, name, value FROM sample ORDER BY id DESC LIMIT 3;
.mode list
PRAGMA quick_check;
.schema
