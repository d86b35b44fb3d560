-- id: N07
-- zh: 活跃站点率
-- en: active-site rate
-- unit: %
-- dimensions: tier
-- needs: held sites
-- rule_version: 1
-- missing_zh: 没有有效站点
-- missing_en: no valid site
-- basis_zh: 期末日有效的站点中，期内场次达到年度要求按月折算者
-- basis_en: of the sites valid on the last day, those with the year's required sessions in proportion to months
-- source: 本项目

-- numerator
SELECT cell, 'site' AS kind, site AS ident, unit, NULL AS date, NULL AS session, NULL AS learner,
  1 AS contribution, NULL AS counted
FROM c_site
WHERE held >= (SELECT needed FROM b_scope)

-- denominator
SELECT cell, 'site' AS kind, site AS ident, unit, NULL AS date, NULL AS session, NULL AS learner,
  1 AS contribution, NULL AS counted
FROM c_site
