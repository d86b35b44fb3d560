-- id: N09
-- zh: 每万人站点数
-- en: sites per 10,000 residents
-- unit: 个/万人
-- dimensions: 
-- needs: held sites population
-- rule_version: 1
-- missing_zh: 没有对应的人口数
-- missing_en: no matching population figure
-- basis_zh: 期末日有效的站点；人口取上一年，本单位的，否则为各村(居)之和；显示时折合每万人
-- basis_en: sites valid on the last day; population of the year before, the unit's own, else the sum of its villages; shown per 10,000
-- source: 郑州老年教育实施方案

-- numerator
SELECT 'all' AS cell, 'site' AS kind, s.site AS ident, s.unit, NULL AS date, NULL AS session,
  NULL AS learner, 1 AS contribution, NULL AS counted
FROM b_site s

-- denominator
SELECT 'all' AS cell, 'population' AS kind, ident, unit, NULL AS date, NULL AS session,
  NULL AS learner, total AS contribution, NULL AS counted
FROM b_population
