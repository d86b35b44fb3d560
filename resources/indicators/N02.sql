-- id: N02
-- zh: 乡镇街道网络覆盖率
-- en: township coverage
-- unit: %
-- dimensions: 
-- needs: held sites
-- codes: t_school t_adult
-- rule_version: 1
-- missing_zh: 本单位以下没有乡镇(街道)
-- missing_en: no township in this unit
-- basis_zh: 期末日设有社区学校或成人学校(有效站点)的乡镇(街道)；功能区不计
-- basis_en: townships with a valid community or adult school on the last day; zones do not count
-- source: 杭州方案2025-2027;2016九部门意见

-- numerator
SELECT 'all' AS cell, 'unit' AS kind, u.id AS ident, u.id AS unit, NULL AS date, NULL AS session,
  NULL AS learner, 1 AS contribution, NULL AS counted
FROM b_scope p CROSS JOIN b_last w JOIN unit u ON u.id = w.unit
WHERE u.level = 4 AND u.kind IN ('subdistrict', 'town', 'township')
  AND (u.valid_from IS NULL OR u.valid_from <= p."last")
  AND (u.valid_to IS NULL OR u.valid_to > p."last")
  AND u.id IN (
    SELECT s.stands
    FROM b_site s JOIN site_kinds k ON k.ident = s.site
    LEFT JOIN b_local x ON x.list = 'site_kind' AND x.code = k.value
    WHERE coalesce(x.parent, k.value) IN ({codes}))

-- denominator
SELECT 'all' AS cell, 'unit' AS kind, u.id AS ident, u.id AS unit, NULL AS date, NULL AS session,
  NULL AS learner, 1 AS contribution, NULL AS counted
FROM b_scope p CROSS JOIN b_last w JOIN unit u ON u.id = w.unit
WHERE u.level = 4 AND u.kind IN ('subdistrict', 'town', 'township')
  AND (u.valid_from IS NULL OR u.valid_from <= p."last")
  AND (u.valid_to IS NULL OR u.valid_to > p."last")
