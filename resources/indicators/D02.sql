-- id: D02
-- zh: 退回率
-- en: return rate
-- unit: %
-- dimensions: tier category
-- needs: held
-- rule_version: 1
-- missing_zh: 期内没有已报送月份的场次
-- missing_en: no session in a month that was handed in
-- basis_zh: 已报送月份内已举办的场次中，至少被退回过一次的；退回后改好的也算
-- basis_en: held sessions in months that were handed in, of which those returned at least once, put right since or not
-- source: 本项目

-- numerator
SELECT c.cell, 'session' AS kind, c.session AS ident, c.unit, c.date, c.session, NULL AS learner,
  1 AS contribution, NULL AS counted
FROM c_session c
WHERE (EXISTS (
    SELECT 1 FROM submission m
    WHERE m.unit = c.unit AND m.period = substr(c.date, 1, 7) AND m.counted = 1)
  OR EXISTS (
    SELECT 1 FROM b_heir x CROSS JOIN submission m
    WHERE x.unit = c.unit AND m.unit = x.heir AND m.period = substr(c.date, 1, 7)
      AND m.counted = 1))
  AND EXISTS (SELECT 1 FROM "return" r WHERE r.record = c.session AND r.counted = 1)

-- denominator
SELECT c.cell, 'session' AS kind, c.session AS ident, c.unit, c.date, c.session, NULL AS learner,
  1 AS contribution, NULL AS counted
FROM c_session c
WHERE EXISTS (
    SELECT 1 FROM submission m
    WHERE m.unit = c.unit AND m.period = substr(c.date, 1, 7) AND m.counted = 1)
  OR EXISTS (
    SELECT 1 FROM b_heir x CROSS JOIN submission m
    WHERE x.unit = c.unit AND m.unit = x.heir AND m.period = substr(c.date, 1, 7)
      AND m.counted = 1)
