-- id: D01
-- zh: 报送及时率
-- en: on-time reporting
-- unit: %
-- dimensions: tier
-- needs: due
-- rule_version: 1
-- missing_zh: 没有应报的月份
-- missing_en: nothing was due
-- basis_zh: 每个有效站点每个已结束的月份应报一次(含零报告)；村级次月5日、以上次月10日前由上一级首次收到为及时
-- basis_en: every valid site for every month that has ended, zero reports included; on time when the unit above first received it by the 5th (village level) or 10th (above)
-- source: 本项目

-- numerator
SELECT cell, 'site' AS kind, site AS ident, unit, date, NULL AS session, NULL AS learner,
  1 AS contribution, NULL AS counted
FROM c_due
WHERE on_time = 1

-- denominator
SELECT cell, 'site' AS kind, site AS ident, unit, date, NULL AS session, NULL AS learner,
  1 AS contribution, NULL AS counted
FROM c_due
