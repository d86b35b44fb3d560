-- id: P01
-- zh: 居民参与率
-- en: resident participation rate
-- unit: %
-- dimensions: age sex
-- needs: held roll population persons
-- rule_version: 1
-- missing_zh: 没有对应的人口数
-- missing_en: no matching population figure
-- basis_zh: 到场且常住地在本单位的人；人口取上一年，本单位的，否则为各村(居)之和
-- basis_en: persons present whose home lies in the unit; population of the year before, the unit's own, else the sum of its villages
-- source: 2016九部门意见;江宁居民学校测评2017

-- numerator
SELECT c.cell, 'learner' AS kind, c.person AS ident, c.unit, c.date, NULL AS session,
  c.person AS learner, 1 AS contribution, 'named' AS counted
FROM c_person c
WHERE c.person IN (SELECT person FROM b_person WHERE resident = 1)

-- denominator
SELECT 'all' AS cell, 'population' AS kind, ident, unit, NULL AS date, NULL AS session,
  NULL AS learner, total AS contribution, NULL AS counted
FROM b_population
