-- id: P03
-- zh: 老年人参与率
-- en: 60+ participation rate
-- unit: %
-- dimensions: sex
-- needs: held roll ages population persons
-- rule_version: 1
-- missing_zh: 没有对应的人口数
-- missing_en: no matching population figure
-- basis_zh: 期末日满60岁的到场者；人口取上一年60岁以上人口
-- basis_en: persons present aged 60 or more on the last day; population 60+ of the year before
-- source: 老年教育规划2016-2020;陕西实验区申报表2006;国家级示范区登记表

-- numerator
SELECT c.cell, 'learner' AS kind, c.person AS ident, c.unit, c.date, NULL AS session,
  c.person AS learner, 1 AS contribution, 'named' AS counted
FROM c_person c
WHERE c.person IN (SELECT person FROM b_senior)

-- denominator
SELECT 'all' AS cell, 'population' AS kind, ident, unit, NULL AS date, NULL AS session,
  NULL AS learner, over60 AS contribution, NULL AS counted
FROM b_population
