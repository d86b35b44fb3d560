-- id: N05
-- zh: 县级老年大学数
-- en: county elder universities
-- unit: 所
-- dimensions: 
-- needs: held sites
-- rule_version: 1
-- basis_zh: 期末日有效的老年大学
-- basis_en: elder universities valid on the last day
-- source: 老年教育规划2016-2020;郑州老年教育实施方案

-- numerator
SELECT 'all' AS cell, 'site' AS kind, s.site AS ident, s.unit, NULL AS date, NULL AS session,
  NULL AS learner, 1 AS contribution, NULL AS counted
FROM b_site s
WHERE EXISTS (
  SELECT 1 FROM site_kinds k
  LEFT JOIN b_local x ON x.list = 'site_kind' AND x.code = k.value
  WHERE k.ident = s.site AND coalesce(x.parent, k.value) = 'c_elder')
