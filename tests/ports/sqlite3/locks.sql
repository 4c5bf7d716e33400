-- Two connections to one file: locks (fcntl), journals of every kind, the write-ahead log without shared memory.
.bail off
PRAGMA journal_mode;
CREATE TABLE t(a);
INSERT INTO t VALUES(1), (2), (3);
.connection 1
.open locks.db
SELECT count(*) FROM t;
.connection 0
BEGIN EXCLUSIVE;
INSERT INTO t VALUES(4);
.connection 1
.connection 0
COMMIT;
.connection 1
SELECT 'it is done', count(*) FROM t;
.connection close 0
PRAGMA journal_mode = TRUNCATE;
INSERT INTO t VALUES(5);
PRAGMA journal_mode = PERSIST;
INSERT INTO t VALUES(6);
PRAGMA journal_mode = MEMORY;
INSERT INTO t VALUES(7);
PRAGMA journal_mode = DELETE;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
INSERT INTO t SELECT a + 100 FROM t;
SELECT count(*), sum(a) FROM t;
PRAGMA wal_checkpoint;
PRAGMA journal_mode = DELETE;
PRAGMA integrity_check;
