-- id: S07
-- zh: 实名率
-- en: share of named attendances
-- unit: %
-- dimensions: tier category topic
-- needs: held roll
-- rule_version: 1
-- missing_zh: 没有参与人次
-- missing_en: no attendance
-- basis_zh: 实名人次占参与人次
-- basis_en: named attendances in all attendances
-- source: 本项目

-- numerator
SELECT cell, 'session' AS kind, session AS ident, unit, date, session, learner,
  1 AS contribution, 'named' AS counted
FROM c_att

-- denominator
SELECT cell, 'session' AS kind, session AS ident, unit, date, session, learner,
  1 AS contribution, 'named' AS counted
FROM c_att
UNION ALL
SELECT cell, 'session', session, unit, date, session, NULL, heads, 'crowd'
FROM c_crowd

-- brief numerator
SELECT cell, named AS contribution, 'named' AS counted FROM c_tally

-- brief denominator
SELECT cell, named AS contribution, 'named' AS counted FROM c_tally
UNION ALL
SELECT cell, heads, 'crowd' FROM c_crowd
