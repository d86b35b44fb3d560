-- id: S03
-- zh: 活动场次
-- en: sessions held
-- unit: 场
-- dimensions: tier category topic form vocational delivery
-- needs: held
-- rule_version: 1
-- basis_zh: 状态为已举办且日期在期内的场次
-- basis_en: sessions with status held and their date in the period
-- source: 本项目

-- numerator
SELECT cell, 'session' AS kind, session AS ident, unit, date, session, NULL AS learner,
  1 AS contribution, NULL AS counted
FROM c_session
UNION ALL
SELECT cell, 'reversal', entry, unit, date, session, NULL, held, NULL
FROM c_reversed
WHERE held <> 0
