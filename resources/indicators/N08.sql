-- id: N08
-- zh: 零活动站点数
-- en: silent sites
-- unit: 个
-- dimensions: tier
-- needs: held sites
-- rule_version: 1
-- basis_zh: 期末日有效而期内没有举办活动的站点
-- basis_en: sites valid on the last day without a held session
-- source: 本项目

-- numerator
SELECT cell, 'site' AS kind, site AS ident, unit, NULL AS date, NULL AS session, NULL AS learner,
  1 AS contribution, NULL AS counted
FROM c_site
WHERE held = 0
