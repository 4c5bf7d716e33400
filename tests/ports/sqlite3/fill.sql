-- A file database of 100,000 rows: created, filled, queried, indexed, changed, shrunk, checked.
.mode list
CREATE TABLE sample(id INTEGER PRIMARY KEY, name TEXT NOT NULL, class INTEGER, value REAL, raw BLOB);
BEGIN;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
INSERT INTO sample
SELECT i, printf('name-%06d', i * 7919 % 100003), i % 37, i * 0.125, bytes FROM
  (SELECT i, CAST(printf('%x', i * 2654435761) AS BLOB) AS bytes FROM n);
COMMIT;
SELECT count(*), sum(id), min(name), max(name), round(sum(value), 3), sum(length(raw)) FROM sample;
SELECT class, count(*), round(avg(value), 4) FROM sample GROUP BY class ORDER BY class LIMIT 10;
EXPLAIN QUERY PLAN SELECT id FROM sample WHERE name = 'name-000042';
CREATE INDEX by_name ON sample(name);
CREATE INDEX by_class ON sample(class, value DESC);
EXPLAIN QUERY PLAN SELECT id FROM sample WHERE name = 'name-000042';
SELECT id, value FROM sample WHERE name BETWEEN 'name-000100' AND 'name-000110' ORDER BY name;
SELECT id, class, rank() OVER (PARTITION BY class ORDER BY value DESC) AS place FROM sample WHERE class < 3 ORDER BY place, class LIMIT 9;
UPDATE sample SET value = value * 2, name = upper(name) WHERE class = 5;
SELECT changes(), total_changes();
DELETE FROM sample WHERE class BETWEEN 10 AND 19;
SELECT changes();
CREATE TABLE classes(class INTEGER PRIMARY KEY, title TEXT);
INSERT INTO classes SELECT DISTINCT class, 'class ' || class FROM sample ORDER BY class;
SELECT title, count(*) FROM sample JOIN classes USING(class) WHERE value > 6000 GROUP BY title ORDER BY 2 DESC, 1 LIMIT 5;
SAVEPOINT here;
DROP TABLE classes;
DELETE FROM sample;
ROLLBACK TO here;
RELEASE here;
SELECT count(*) FROM sample, classes WHERE sample.class = classes.class;
PRAGMA page_count;
VACUUM;
PRAGMA page_count;
PRAGMA integrity_check;
ANALYZE;
SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY 1, 2;
SELECT exp(1.0), ln(10), pow(2, 0.5), sin(1);
