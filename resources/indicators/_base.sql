-- What every indicator counts from: the held sessions of one unit and those below it in one
-- period, who was present, enrolments, sites. Nothing here writes to the stored tables.
--
-- Each section runs at most once per unit and period, "tables" first. The caller fills b_scope
-- (one row), b_month (months of the period that have ended), b_band (the age band of every age),
-- b_required (the kinds of evidence that a session must have),
-- b_approved and b_birth (birth days as a lock covers them; both only when basis is approved) and
-- birth: the day a person (the record that stands for the cluster) counts as born on, the most
-- precise one held here. It also fills what says which units count: b_within (when what happens in
-- a unit does), b_last (whose sites and people do, and who stands for that unit on the last day),
-- b_partly (units of b_last of which only a part of the period is in b_within), b_heir (who took
-- over from whom, all that came after), and b_local: local codes with the national code they count for.
--
-- Where the order of tables matters much they are joined by CROSS JOIN and WHERE: the same to every
-- engine, and SQLite keeps that order. Marks are always reached from their sessions; those of
-- sessions in b_remarked count as b_mark has them.
--
-- What hangs on a record that does not count does not count either: the sessions of an activity, the
-- marks and enrolments of a learner. Where that record is not held here, nothing is said against it.

-- section: tables
CREATE TEMP TABLE b_scope (
  unit INTEGER, "first" TEXT, "last" TEXT, year INTEGER, minutes_per_hour INTEGER, needed INTEGER,
  basis TEXT, dim TEXT);
CREATE TEMP TABLE b_within (unit INTEGER, since TEXT, until TEXT, PRIMARY KEY (unit, since));
CREATE TEMP TABLE b_last (unit INTEGER PRIMARY KEY, stands INTEGER);
CREATE TEMP TABLE b_partly (unit INTEGER PRIMARY KEY);
CREATE TEMP TABLE b_heir (unit INTEGER, heir INTEGER, PRIMARY KEY (unit, heir));
CREATE TEMP TABLE b_local (list TEXT, code TEXT, parent TEXT, PRIMARY KEY (list, code));
CREATE TEMP TABLE b_month (month TEXT, "last" TEXT, due_village TEXT, due_above TEXT);
CREATE TEMP TABLE b_band (age INTEGER PRIMARY KEY, code TEXT);
CREATE TEMP TABLE b_required (kind TEXT PRIMARY KEY);
CREATE TEMP TABLE b_approved (ident INTEGER PRIMARY KEY);
CREATE TEMP TABLE b_birth (learner INTEGER PRIMARY KEY, birth TEXT);
CREATE TEMP TABLE b_remarked (session INTEGER PRIMARY KEY);
CREATE TEMP TABLE b_mark (session INTEGER, learner INTEGER, status TEXT, minutes INTEGER);
CREATE TEMP TABLE b_reversed (
  entry INTEGER PRIMARY KEY, session INTEGER, unit INTEGER, date TEXT, held INTEGER,
  attended INTEGER, minutes INTEGER, heads INTEGER, tier TEXT, category TEXT, form TEXT,
  vocational TEXT, delivery TEXT);
CREATE TEMP TABLE birth (learner INTEGER PRIMARY KEY, born TEXT);
CREATE TEMP TABLE b_present (status TEXT PRIMARY KEY);
INSERT INTO b_present VALUES ('P'), ('L'), ('E'), ('W'), ('M'), ('R');
CREATE TEMP TABLE b_held (
  session INTEGER PRIMARY KEY, activity INTEGER, site INTEGER, unit INTEGER, date TEXT,
  length INTEGER, tier TEXT, category TEXT, form TEXT, vocational TEXT, delivery TEXT,
  heads INTEGER, male INTEGER, female INTEGER);
CREATE TEMP TABLE b_topic (activity INTEGER, code TEXT, PRIMARY KEY (activity, code));
CREATE TEMP TABLE b_roll (session INTEGER, learner INTEGER, person INTEGER, minutes INTEGER);
CREATE TEMP TABLE b_att (
  session INTEGER, person INTEGER, learner INTEGER, minutes INTEGER, unit INTEGER, date TEXT,
  PRIMARY KEY (session, person));
CREATE TEMP TABLE b_person (
  person INTEGER PRIMARY KEY, unit INTEGER, sex TEXT, resident INTEGER);
CREATE TEMP TABLE b_senior (person INTEGER PRIMARY KEY);
CREATE TEMP TABLE b_expected (
  enrolment INTEGER, session INTEGER, unit INTEGER, date TEXT, learner INTEGER, present INTEGER);
CREATE TEMP TABLE b_ended (
  enrolment INTEGER PRIMARY KEY, activity INTEGER, learner INTEGER, person INTEGER, unit INTEGER,
  date TEXT, tier TEXT, category TEXT, completed INTEGER);
CREATE TEMP TABLE b_term (session INTEGER PRIMARY KEY, activity INTEGER, length INTEGER);
CREATE TEMP TABLE b_offered (activity INTEGER PRIMARY KEY, minutes INTEGER);
CREATE TEMP TABLE b_attended (
  activity INTEGER, person INTEGER, minutes INTEGER, PRIMARY KEY (activity, person));
CREATE TEMP TABLE b_population (ident INTEGER, unit INTEGER, total INTEGER, over60 INTEGER);
CREATE TEMP TABLE b_site (
  site INTEGER PRIMARY KEY, unit INTEGER, tier TEXT, held INTEGER, stands INTEGER);
CREATE TEMP TABLE b_village (unit INTEGER PRIMARY KEY);
CREATE TEMP TABLE b_former (person INTEGER PRIMARY KEY, unit INTEGER, date TEXT);
CREATE TEMP TABLE b_due (
  site INTEGER, unit INTEGER, tier TEXT, month TEXT, date TEXT, on_time INTEGER);

-- section: held
INSERT INTO b_held
SELECT s.ident, s.activity, a.site, s.unit, s.date, coalesce(s.minutes, 0), coalesce(u.tier, 'NA'),
  coalesce(k.parent, a.kind, 'NA'), coalesce(a.form, 'NA'), coalesce(a.vocational, 'NA'),
  coalesce(y.parent, a.delivery, 'NA'), coalesce(s.headcount_total, 0),
  coalesce(s.headcount_male, 0), coalesce(s.headcount_female, 0)
FROM b_scope p
CROSS JOIN b_within w
CROSS JOIN session s
JOIN unit u ON u.id = s.unit
LEFT JOIN activity a ON a.ident = s.activity
LEFT JOIN b_local k ON k.list = 'activity_kind' AND k.code = a.kind
LEFT JOIN b_local y ON y.list = 'delivery' AND y.code = a.delivery
WHERE s.unit = w.unit AND s.date >= w.since AND s.date < w.until AND s.counted = 1 AND s.status = 'held' AND s.date BETWEEN p."first" AND p."last"
  AND coalesce(a.counted, 1) = 1
  AND (p.basis = 'received' OR s.ident IN (SELECT ident FROM b_approved));
INSERT INTO b_topic
SELECT DISTINCT h.activity, coalesce(x.parent, t.value)
FROM b_held h JOIN activity_topics t ON t.ident = h.activity
LEFT JOIN b_local x ON x.list = 'topic' AND x.code = t.value
WHERE t.value IS NOT NULL;

-- section: roll
INSERT INTO b_roll
SELECT h.session, m.learner, coalesce(l.cluster, m.learner), coalesce(m.minutes, h.length)
FROM b_held h
CROSS JOIN mark m
LEFT JOIN learner l ON l.ident = m.learner
WHERE m.session = h.session AND m.status IN (SELECT status FROM b_present)
  AND coalesce(l.counted, 1) = 1 AND h.session NOT IN (SELECT session FROM b_remarked);
INSERT INTO b_roll
SELECT h.session, m.learner, coalesce(l.cluster, m.learner), coalesce(m.minutes, h.length)
FROM b_mark m
CROSS JOIN b_held h
LEFT JOIN learner l ON l.ident = m.learner
WHERE h.session = m.session AND m.status IN (SELECT status FROM b_present)
  AND coalesce(l.counted, 1) = 1;
INSERT INTO b_att
SELECT r.session, r.person, min(r.learner), max(r.minutes), min(h.unit), min(h.date)
FROM b_roll r CROSS JOIN b_held h
WHERE h.session = r.session
GROUP BY r.session, r.person;
INSERT INTO b_person
SELECT r.person, min(stands.unit), min(coalesce(l.sex, 'U')),
  max(CASE WHEN w.unit IS NULL THEN 0 ELSE 1 END)
FROM (SELECT DISTINCT person, learner FROM b_roll) r
CROSS JOIN b_scope p
LEFT JOIN learner l ON l.ident = r.learner
LEFT JOIN learner stands ON stands.ident = r.person
LEFT JOIN b_last w ON w.unit = coalesce(l.home_unit, l.unit)
GROUP BY r.person;

-- section: ages
INSERT INTO b_senior
SELECT b.learner
FROM birth b CROSS JOIN b_scope p
WHERE CAST(substr(p."last", 1, 4) AS INTEGER) - CAST(substr(b.born, 1, 4) AS INTEGER)
  - CASE WHEN substr(p."last", 6) < substr(b.born, 6) THEN 1 ELSE 0 END >= 60;

-- section: expected
INSERT INTO b_expected
SELECT e.ident, h.session, h.unit, h.date, e.learner, CASE WHEN a.person IS NULL THEN 0 ELSE 1 END
FROM b_scope p
CROSS JOIN b_held h
CROSS JOIN enrolment e
LEFT JOIN learner l ON l.ident = e.learner
LEFT JOIN b_att a ON a.session = h.session AND a.person = coalesce(l.cluster, e.learner)
WHERE e.activity = h.activity AND h.category = '01' AND e.counted = 1 AND e.joined <= h.date
  AND coalesce(l.counted, 1) = 1
  AND (e."left" IS NULL OR h.date <= e."left")
  AND (p.basis = 'received' OR e.ident IN (SELECT ident FROM b_approved));

-- section: ended
INSERT INTO b_ended
SELECT e.ident, e.activity, e.learner, coalesce(l.cluster, e.learner), e.unit,
  coalesce(e."left", a.closes), coalesce(u.tier, 'NA'), coalesce(k.parent, a.kind, 'NA'), 0
FROM b_scope p
CROSS JOIN b_within w
CROSS JOIN enrolment e
JOIN activity a ON a.ident = e.activity
JOIN unit u ON u.id = e.unit
LEFT JOIN learner l ON l.ident = e.learner
LEFT JOIN b_local k ON k.list = 'activity_kind' AND k.code = a.kind
WHERE e.unit = w.unit AND coalesce(e."left", a.closes) >= w.since
  AND coalesce(e."left", a.closes) < w.until AND e.counted = 1 AND coalesce(e."left", a.closes) BETWEEN p."first" AND p."last"
  AND a.counted = 1 AND coalesce(l.counted, 1) = 1
  AND (p.basis = 'received' OR e.ident IN (SELECT ident FROM b_approved));
INSERT INTO b_term
SELECT s.ident, s.activity, coalesce(s.minutes, 0)
FROM b_scope p
CROSS JOIN (SELECT DISTINCT activity FROM b_ended) e
CROSS JOIN session s
WHERE s.activity = e.activity AND s.counted = 1 AND s.status = 'held'
  AND (p.basis = 'received' OR s.ident IN (SELECT ident FROM b_approved));
INSERT INTO b_offered SELECT activity, sum(length) FROM b_term GROUP BY activity;
INSERT INTO b_attended
SELECT activity, person, sum(minutes)
FROM (
  SELECT t.activity AS activity, t.session AS session, coalesce(l.cluster, m.learner) AS person,
    max(coalesce(m.minutes, t.length)) AS minutes
  FROM b_term t
  CROSS JOIN mark m
  LEFT JOIN learner l ON l.ident = m.learner
  WHERE m.session = t.session AND m.status IN (SELECT status FROM b_present)
    AND coalesce(l.counted, 1) = 1 AND t.session NOT IN (SELECT session FROM b_remarked)
  GROUP BY t.activity, t.session, coalesce(l.cluster, m.learner)
  UNION ALL
  SELECT t.activity, t.session, coalesce(l.cluster, m.learner), max(coalesce(m.minutes, t.length))
  FROM b_mark m
  CROSS JOIN b_term t
  LEFT JOIN learner l ON l.ident = m.learner
  WHERE t.session = m.session AND m.status IN (SELECT status FROM b_present)
    AND coalesce(l.counted, 1) = 1
  GROUP BY t.activity, t.session, coalesce(l.cluster, m.learner)) per_session
GROUP BY activity, person;
UPDATE b_ended SET completed = 1
WHERE EXISTS (
  SELECT 1
  FROM b_offered o JOIN b_attended d ON d.activity = o.activity
  WHERE o.activity = b_ended.activity AND d.person = b_ended.person
    AND o.minutes > 0 AND 3 * d.minutes >= 2 * o.minutes);

-- section: population
INSERT INTO b_population
SELECT n.ident, n.unit, n.total, n.over60
FROM b_scope p JOIN population n ON n.unit = p.unit
WHERE n.counted = 1 AND n.year = p.year;
INSERT INTO b_population
SELECT n.ident, n.unit, n.total, n.over60
FROM b_scope p
CROSS JOIN b_last w
JOIN unit u ON u.id = w.unit AND u.level = 5
JOIN population n ON n.unit = u.id
WHERE n.counted = 1 AND n.year = p.year AND NOT EXISTS (SELECT 1 FROM b_population)
  AND NOT EXISTS (
    SELECT 1 FROM b_heir x JOIN population m ON m.unit = x.heir
    WHERE x.unit = n.unit AND m.counted = 1 AND m.year = p.year);

-- section: sites
INSERT INTO b_site
SELECT s.ident, s.unit, coalesce(u.tier, 'NA'), coalesce(h.held, 0), w.stands
FROM b_scope p
CROSS JOIN b_last w
CROSS JOIN site s
JOIN unit u ON u.id = s.unit
LEFT JOIN (
  SELECT site, count(*) AS held
  FROM (
    SELECT site FROM b_held WHERE unit NOT IN (SELECT unit FROM b_partly)
    UNION ALL
    SELECT a.site
    FROM b_scope p CROSS JOIN b_partly m CROSS JOIN session t JOIN activity a ON a.ident = t.activity
    WHERE t.unit = m.unit AND t.counted = 1 AND a.counted = 1 AND t.status = 'held'
      AND t.date BETWEEN p."first" AND p."last"
      AND (p.basis = 'received' OR t.ident IN (SELECT ident FROM b_approved))) each_held
  GROUP BY site) h ON h.site = s.ident
WHERE s.unit = w.unit AND s.counted = 1 AND s.opened <= p."last" AND (s.closed IS NULL OR s.closed > p."last");

-- section: villages
INSERT INTO b_village
SELECT u.id
FROM b_scope p CROSS JOIN b_last w JOIN unit u ON u.id = w.unit
WHERE u.level = 5 AND u.kind IN ('village_committee', 'resident_committee')
  AND (u.valid_from IS NULL OR u.valid_from <= p."last")
  AND (u.valid_to IS NULL OR u.valid_to > p."last");

-- section: due
INSERT INTO b_due
SELECT s.ident, s.unit, coalesce(u.tier, 'NA'), m.month, m."last",
  CASE WHEN EXISTS (
    SELECT 1 FROM submission r
    WHERE r.unit = s.unit AND r.period = m.month AND r.counted = 1
      AND substr(r.received_at, 1, 10)
        <= CASE WHEN u.level = 5 THEN m.due_village ELSE m.due_above END)
    OR EXISTS (
    SELECT 1 FROM b_heir x CROSS JOIN submission r
    WHERE x.unit = s.unit AND r.unit = x.heir AND r.period = m.month AND r.counted = 1
      AND substr(r.received_at, 1, 10)
        <= CASE WHEN u.level = 5 THEN m.due_village ELSE m.due_above END)
  THEN 1 ELSE 0 END
FROM b_month m
CROSS JOIN b_scope p
CROSS JOIN b_within w
CROSS JOIN site s
JOIN unit u ON u.id = s.unit
WHERE s.unit = w.unit AND m."last" >= w.since AND m."last" < w.until AND s.counted = 1 AND s.opened <= m."last" AND (s.closed IS NULL OR s.closed > m."last");

-- section: former
INSERT INTO b_former
SELECT coalesce(l.cluster, m.learner), min(s.unit), min(s.date)
FROM b_scope p
CROSS JOIN b_within w
CROSS JOIN session s
CROSS JOIN mark m
LEFT JOIN activity a ON a.ident = s.activity
LEFT JOIN learner l ON l.ident = m.learner
WHERE p.basis = 'received' AND (CAST(substr(p."last", 1, 4) AS INTEGER) - CAST(substr(p."first", 1, 4) AS INTEGER)) * 12
  + CAST(substr(p."last", 6, 2) AS INTEGER) - CAST(substr(p."first", 6, 2) AS INTEGER) = 11
  AND s.unit = w.unit AND s.date >= w.since AND s.date < w.until
  AND s.counted = 1 AND s.status = 'held'
  AND s.date >= (CAST(substr(p."first", 1, 4) AS INTEGER) - 1) || substr(p."first", 5)
  AND s.date <= (CAST(substr(p."last", 1, 4) AS INTEGER) - 1) || substr(p."last", 5)
  AND m.session = s.ident AND m.status IN (SELECT status FROM b_present)
  AND coalesce(a.counted, 1) = 1 AND coalesce(l.counted, 1) = 1
GROUP BY coalesce(l.cluster, m.learner);
