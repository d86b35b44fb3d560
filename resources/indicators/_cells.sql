-- How the rows of _base.sql fall into cells. Exactly one section is in force at a time: "all" for
-- totals, else that of the dimension in b_scope.dim.
--
-- c_session, c_att (cell: on the session's date; last_cell: on the period's last day, for counts of
-- persons), c_crowd, c_expected, c_ended, c_site, c_due, and c_code: the cells of constants. Where
-- an indicator needs "persons", c_person lists each person once per cell.

-- section: none
DROP VIEW IF EXISTS c_session;
DROP VIEW IF EXISTS c_att;
DROP VIEW IF EXISTS c_crowd;
DROP VIEW IF EXISTS c_expected;
DROP VIEW IF EXISTS c_ended;
DROP VIEW IF EXISTS c_site;
DROP VIEW IF EXISTS c_due;
DROP VIEW IF EXISTS c_code;
DROP VIEW IF EXISTS c_reversed;
DROP TABLE IF EXISTS c_person;
DROP TABLE IF EXISTS b_aged;
CREATE TEMP VIEW c_reversed AS
SELECT v.*,
  CASE p.dim WHEN 'all' THEN 'all' WHEN 'tier' THEN v.tier WHEN 'category' THEN v.category
    WHEN 'form' THEN v.form WHEN 'vocational' THEN v.vocational WHEN 'delivery' THEN v.delivery
    WHEN 'sex' THEN 'U' ELSE 'NA' END AS cell
FROM b_reversed v CROSS JOIN b_scope p;

-- section: persons
CREATE TEMP TABLE c_person (cell TEXT, person INTEGER, unit INTEGER, date TEXT);
INSERT INTO c_person
SELECT a.cell, a.person, n.unit, a.date
FROM (
  SELECT last_cell AS cell, person, min(date) AS date FROM c_att GROUP BY last_cell, person) a
CROSS JOIN b_person n
WHERE n.person = a.person;

-- section: all
CREATE TEMP VIEW c_session AS SELECT h.*, 'all' AS cell FROM b_held h;
CREATE TEMP VIEW c_att AS SELECT a.*, 'all' AS cell, 'all' AS last_cell FROM b_att a;
CREATE TEMP VIEW c_crowd AS
SELECT session, unit, date, 'all' AS cell, heads FROM b_held WHERE heads > 0;
CREATE TEMP VIEW c_expected AS SELECT e.*, 'all' AS cell FROM b_expected e;
CREATE TEMP VIEW c_ended AS SELECT e.*, 'all' AS cell FROM b_ended e;
CREATE TEMP VIEW c_site AS SELECT s.*, 'all' AS cell FROM b_site s;
CREATE TEMP VIEW c_due AS SELECT d.*, 'all' AS cell FROM b_due d;
CREATE TEMP VIEW c_code AS SELECT 'all' AS cell;

-- section: tier category form vocational delivery
CREATE TEMP VIEW c_session AS
SELECT h.*,
  CASE p.dim WHEN 'tier' THEN h.tier WHEN 'category' THEN h.category WHEN 'form' THEN h.form
    WHEN 'vocational' THEN h.vocational WHEN 'delivery' THEN h.delivery END AS cell
FROM b_held h CROSS JOIN b_scope p;
CREATE TEMP VIEW c_att AS
SELECT a.*, h.cell AS cell, h.cell AS last_cell FROM b_att a JOIN c_session h ON h.session = a.session;
CREATE TEMP VIEW c_crowd AS
SELECT session, unit, date, cell, heads FROM c_session WHERE heads > 0;
CREATE TEMP VIEW c_expected AS
SELECT e.*, h.cell AS cell FROM b_expected e JOIN c_session h ON h.session = e.session;
CREATE TEMP VIEW c_ended AS
SELECT e.*, CASE p.dim WHEN 'tier' THEN e.tier ELSE e.category END AS cell
FROM b_ended e CROSS JOIN b_scope p;
CREATE TEMP VIEW c_site AS SELECT s.*, s.tier AS cell FROM b_site s;
CREATE TEMP VIEW c_due AS SELECT d.*, d.tier AS cell FROM b_due d;
CREATE TEMP VIEW c_code AS SELECT DISTINCT cell FROM c_att;

-- section: topic
CREATE TEMP VIEW c_session AS
SELECT h.*, t.code AS cell FROM b_held h JOIN b_topic t ON t.activity = h.activity;
CREATE TEMP VIEW c_att AS
SELECT a.*, h.cell AS cell, h.cell AS last_cell FROM b_att a JOIN c_session h ON h.session = a.session;
CREATE TEMP VIEW c_crowd AS
SELECT session, unit, date, cell, heads FROM c_session WHERE heads > 0;
CREATE TEMP VIEW c_expected AS
SELECT e.*, h.cell AS cell FROM b_expected e JOIN c_session h ON h.session = e.session;
CREATE TEMP VIEW c_ended AS
SELECT DISTINCT e.*, coalesce(x.parent, t.value) AS cell
FROM b_ended e JOIN activity_topics t ON t.ident = e.activity
LEFT JOIN b_local x ON x.list = 'topic' AND x.code = t.value;
CREATE TEMP VIEW c_code AS SELECT DISTINCT cell FROM c_att;

-- section: age
CREATE TEMP TABLE b_aged (
  session INTEGER, person INTEGER, learner INTEGER, minutes INTEGER, unit INTEGER, date TEXT,
  cell TEXT, last_cell TEXT);
INSERT INTO b_aged
SELECT y.session, y.person, y.learner, y.minutes, y.unit, y.date,
  coalesce(then_band.code, 'NA'), coalesce(last_band.code, 'NA')
FROM (
  SELECT a.*,
    CAST(substr(a.date, 1, 4) AS INTEGER) - CAST(substr(b.born, 1, 4) AS INTEGER)
      - CASE WHEN substr(a.date, 6) < substr(b.born, 6) THEN 1 ELSE 0 END AS then_age,
    CAST(substr(p."last", 1, 4) AS INTEGER) - CAST(substr(b.born, 1, 4) AS INTEGER)
      - CASE WHEN substr(p."last", 6) < substr(b.born, 6) THEN 1 ELSE 0 END AS last_age
  FROM b_att a CROSS JOIN b_scope p LEFT JOIN birth b ON b.learner = a.person) y
LEFT JOIN b_band then_band ON then_band.age = y.then_age
LEFT JOIN b_band last_band ON last_band.age = y.last_age;
CREATE TEMP VIEW c_att AS SELECT * FROM b_aged;
CREATE TEMP VIEW c_crowd AS
SELECT session, unit, date, 'NA' AS cell, heads FROM b_held WHERE heads > 0;
CREATE TEMP VIEW c_code AS
SELECT cell FROM c_att UNION SELECT last_cell FROM c_att;

-- section: sex
CREATE TEMP VIEW c_att AS
SELECT a.*, n.sex AS cell, n.sex AS last_cell FROM b_att a JOIN b_person n ON n.person = a.person;
CREATE TEMP VIEW c_crowd AS
SELECT session, unit, date, 'M' AS cell, male AS heads FROM b_held WHERE male > 0
UNION ALL
SELECT session, unit, date, 'F', female FROM b_held WHERE female > 0
UNION ALL
SELECT session, unit, date, 'U', heads - male - female FROM b_held WHERE heads - male - female > 0;
CREATE TEMP VIEW c_code AS SELECT DISTINCT cell FROM c_att;

-- section: group
CREATE TEMP VIEW c_att AS
SELECT a.*, g.code AS cell, g.code AS last_cell
FROM b_att a
JOIN (
  SELECT DISTINCT r.session AS session, r.person AS person, coalesce(x.parent, g.code) AS code
  FROM b_roll r JOIN learner_groups g ON g.ident = r.learner
  LEFT JOIN b_local x ON x.list = 'population_group' AND x.code = g.code
  WHERE g.code IS NOT NULL) g ON g.session = a.session AND g.person = a.person;
CREATE TEMP VIEW c_crowd AS
SELECT session, unit, date, 'NA' AS cell, heads FROM b_held WHERE 0 = 1;
CREATE TEMP VIEW c_ended AS
SELECT DISTINCT e.*, coalesce(x.parent, g.code) AS cell
FROM b_ended e JOIN learner_groups g ON g.ident = e.learner
LEFT JOIN b_local x ON x.list = 'population_group' AND x.code = g.code
WHERE g.code IS NOT NULL;
CREATE TEMP VIEW c_code AS SELECT DISTINCT cell FROM c_att;
