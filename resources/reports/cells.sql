-- Cells that only reports have: how the rows of a period's ground fall apart by what an activity
-- says of itself. Like the sections of `indicators/_cells.sql`; exactly one is in force at a time.
-- A reversed entry falls where its activity does.

-- section: track
DROP VIEW c_reversed;
CREATE TEMP VIEW c_reversed AS
SELECT v.*, v.form || '-' || v.vocational AS cell FROM b_reversed v;
CREATE TEMP VIEW c_session AS
SELECT h.*, h.form || '-' || h.vocational AS cell FROM b_held h;
CREATE TEMP VIEW c_att AS
SELECT a.*, h.cell AS cell, h.cell AS last_cell FROM b_att a JOIN c_session h ON h.session = a.session;
CREATE TEMP VIEW c_crowd AS
SELECT session, unit, date, cell, heads FROM c_session WHERE heads > 0;
CREATE TEMP VIEW c_code AS SELECT DISTINCT cell FROM c_att;

-- section: edu_kind
DROP VIEW c_reversed;
CREATE TEMP VIEW c_reversed AS
SELECT v.*, coalesce(k.value, 'NA') AS cell
FROM b_reversed v LEFT JOIN session s ON s.ident = v.session
LEFT JOIN activity_edu_kinds k ON k.ident = s.activity;
CREATE TEMP VIEW c_session AS
SELECT h.*, coalesce(k.value, 'NA') AS cell
FROM b_held h LEFT JOIN activity_edu_kinds k ON k.ident = h.activity;
CREATE TEMP VIEW c_att AS
SELECT a.*, h.cell AS cell, h.cell AS last_cell FROM b_att a JOIN c_session h ON h.session = a.session;
CREATE TEMP VIEW c_crowd AS
SELECT session, unit, date, cell, heads FROM c_session WHERE heads > 0;
CREATE TEMP VIEW c_code AS SELECT DISTINCT cell FROM c_att;

-- section: department
DROP VIEW c_reversed;
CREATE TEMP VIEW c_reversed AS
SELECT v.*, coalesce(x.parent, a.department, 'NA') AS cell
FROM b_reversed v LEFT JOIN session s ON s.ident = v.session
LEFT JOIN activity a ON a.ident = s.activity
LEFT JOIN b_local x ON x.list = 'department' AND x.code = a.department;
CREATE TEMP VIEW c_session AS
SELECT h.*, coalesce(x.parent, a.department, 'NA') AS cell
FROM b_held h LEFT JOIN activity a ON a.ident = h.activity
LEFT JOIN b_local x ON x.list = 'department' AND x.code = a.department;
CREATE TEMP VIEW c_att AS
SELECT a.*, h.cell AS cell, h.cell AS last_cell FROM b_att a JOIN c_session h ON h.session = a.session;
CREATE TEMP VIEW c_crowd AS
SELECT session, unit, date, cell, heads FROM c_session WHERE heads > 0;
CREATE TEMP VIEW c_code AS SELECT DISTINCT cell FROM c_att;

-- section: campaign
DROP VIEW c_reversed;
CREATE TEMP VIEW c_reversed AS
SELECT v.*, trim(a.campaign) AS cell
FROM b_reversed v JOIN session s ON s.ident = v.session JOIN activity a ON a.ident = s.activity
WHERE trim(coalesce(a.campaign, '')) <> '';
CREATE TEMP VIEW c_session AS
SELECT h.*, trim(a.campaign) AS cell
FROM b_held h JOIN activity a ON a.ident = h.activity
WHERE trim(coalesce(a.campaign, '')) <> '';
CREATE TEMP VIEW c_att AS
SELECT a.*, h.cell AS cell, h.cell AS last_cell FROM b_att a JOIN c_session h ON h.session = a.session;
CREATE TEMP VIEW c_crowd AS
SELECT session, unit, date, cell, heads FROM c_session WHERE heads > 0;
CREATE TEMP VIEW c_code AS SELECT DISTINCT cell FROM c_att;
