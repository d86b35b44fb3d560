-- id: N04
-- zh: 村居老年学习点覆盖率
-- en: village elder-point coverage
-- unit: %
-- dimensions: 
-- needs: held sites villages
-- rule_version: 1
-- missing_zh: 没有村(居)
-- missing_en: no village-level unit
-- basis_zh: 期末日设有老年学习点(有效站点)的村(居)；功能区、农场等不计
-- basis_en: villages and neighbourhoods with a valid elder learning point on the last day; zones and farms do not count
-- source: 老年教育规划2016-2020

-- numerator
SELECT 'all' AS cell, 'unit' AS kind, v.unit AS ident, v.unit, NULL AS date, NULL AS session,
  NULL AS learner, 1 AS contribution, NULL AS counted
FROM b_village v
WHERE v.unit IN (
  SELECT s.stands
  FROM b_site s JOIN site_kinds k ON k.ident = s.site
  LEFT JOIN b_local x ON x.list = 'site_kind' AND x.code = k.value
  WHERE coalesce(x.parent, k.value) = 'v_elder')

-- denominator
SELECT 'all' AS cell, 'unit' AS kind, v.unit AS ident, v.unit, NULL AS date, NULL AS session,
  NULL AS learner, 1 AS contribution, NULL AS counted
FROM b_village v
