-- id: P04
-- zh: 老年人经常性参与率
-- en: 60+ regular participation rate
-- unit: %
-- dimensions: 
-- needs: held roll ages population persons
-- rule_version: 1
-- missing_zh: 不是一整年(年度或学年)，或没有对应的人口数
-- missing_en: not a whole year (calendar or school), or no matching population figure
-- basis_zh: 期末日满60岁、期内到场6次以上或12学时以上的人；人口取上一年60岁以上人口；只按一整年计算
-- basis_en: persons aged 60 or more on the last day who were present 6 times or 12 learning hours in the period; population 60+ of the year before; whole years only
-- source: 老年教育规划2016-2020

-- numerator
SELECT c.cell, 'learner' AS kind, c.person AS ident, c.unit, c.date, NULL AS session,
  c.person AS learner, 1 AS contribution, 'named' AS counted
FROM c_person c
WHERE c.person IN (SELECT person FROM b_senior)
  AND c.person IN (
    SELECT a.person FROM b_att a
    GROUP BY a.person
    HAVING count(*) >= 6
      OR sum(a.minutes) >= 12 * (SELECT minutes_per_hour FROM b_scope))

-- denominator
SELECT 'all' AS cell, 'population' AS kind, n.ident, n.unit, NULL AS date, NULL AS session,
  NULL AS learner, n.over60 AS contribution, NULL AS counted
FROM b_population n CROSS JOIN b_scope p
WHERE (CAST(substr(p."last", 1, 4) AS INTEGER) - CAST(substr(p."first", 1, 4) AS INTEGER)) * 12
  + CAST(substr(p."last", 6, 2) AS INTEGER) - CAST(substr(p."first", 6, 2) AS INTEGER) = 11
