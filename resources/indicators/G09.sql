-- id: G09
-- zh: 老年人智能技术培训人次
-- en: elder digital-skill attendances
-- unit: 人次
-- dimensions: tier
-- needs: held roll ages
-- rule_version: 1
-- basis_zh: 主题含智能技术的场次，到场当日满60岁的实名人次，加仅计数中的60岁以上；冲正不知年龄，不计
-- basis_en: sessions with a digital-skills topic: persons aged 60 or more on the day, plus the 60+ of head-counts; of reversals the age is not known
-- source: 国办发〔2020〕45号

-- numerator
SELECT a.cell, 'session' AS kind, a.session AS ident, a.unit, a.date, a.session, a.learner,
  1 AS contribution, 'named' AS counted
FROM c_att a CROSS JOIN birth b
WHERE b.learner = a.person
  AND a.session IN (
    SELECT h.session FROM b_held h JOIN b_topic t ON t.activity = h.activity
    WHERE substr(t.code, 1, 2) = '07')
  AND CAST(substr(a.date, 1, 4) AS INTEGER) - CAST(substr(b.born, 1, 4) AS INTEGER)
    - CASE WHEN substr(a.date, 6) < substr(b.born, 6) THEN 1 ELSE 0 END >= 60
UNION ALL
SELECT c.cell, 'session', c.session, c.unit, c.date, c.session, NULL, s.headcount_over60, 'crowd'
FROM c_crowd c CROSS JOIN session s
WHERE s.ident = c.session AND s.headcount_over60 > 0
  AND c.session IN (
    SELECT h.session FROM b_held h JOIN b_topic t ON t.activity = h.activity
    WHERE substr(t.code, 1, 2) = '07')
