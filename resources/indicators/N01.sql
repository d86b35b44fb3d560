-- id: N01
-- zh: 村居学习点覆盖率
-- en: village-level coverage
-- unit: %
-- dimensions: 
-- needs: held sites villages
-- rule_version: 1
-- missing_zh: 没有村(居)
-- missing_en: no village-level unit
-- basis_zh: 期末日有有效站点的村(居)；功能区、农场等不计
-- basis_en: villages and neighbourhoods with a valid site on the last day; zones and farms do not count
-- source: 杭州方案2025-2027

-- numerator
SELECT 'all' AS cell, 'unit' AS kind, v.unit AS ident, v.unit, NULL AS date, NULL AS session,
  NULL AS learner, 1 AS contribution, NULL AS counted
FROM b_village v
WHERE v.unit IN (SELECT stands FROM b_site)

-- denominator
SELECT 'all' AS cell, 'unit' AS kind, v.unit AS ident, v.unit, NULL AS date, NULL AS session,
  NULL AS learner, 1 AS contribution, NULL AS counted
FROM b_village v
