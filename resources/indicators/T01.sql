-- id: T01
-- zh: 专职管理人员万人比
-- en: full-time staff per 10,000
-- unit: 人/万人
-- dimensions: 
-- needs: population
-- codes: full_admin
-- rule_version: 1
-- missing_zh: 没有对应的人口数
-- missing_en: no matching population figure
-- basis_zh: 期末日在岗的专职管理人员；人口取上一年，本单位的，否则为各村(居)之和；显示时折合每万人
-- basis_en: full-time staff at work on the last day; population of the year before, the unit's own, else the sum of its villages; shown per 10,000
-- source: 青岛评估标准

-- numerator
SELECT 'all' AS cell, 'staff' AS kind, f.ident, f.unit, f."from" AS date, NULL AS session,
  NULL AS learner, 1 AS contribution, NULL AS counted
FROM b_scope p CROSS JOIN b_last w CROSS JOIN staff f
WHERE f.unit = w.unit AND f.counted = 1
  AND (f."from" IS NULL OR f."from" <= p."last") AND (f."to" IS NULL OR f."to" >= p."last")
  AND EXISTS (
    SELECT 1 FROM staff_kinds k
    LEFT JOIN b_local x ON x.list = 'staff_kind' AND x.code = k.value
    WHERE k.ident = f.ident AND coalesce(x.parent, k.value) IN ({codes}))

-- denominator
SELECT 'all' AS cell, 'population' AS kind, ident, unit, NULL AS date, NULL AS session,
  NULL AS learner, total AS contribution, NULL AS counted
FROM b_population
