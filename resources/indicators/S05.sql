-- id: S05
-- zh: 学时总量
-- en: learner-hours
-- unit: 人·学时
-- dimensions: tier category topic form vocational delivery age group
-- needs: held roll
-- rule_version: 1
-- basis_zh: 仅实名；分子为分钟，分母为每学时分钟数
-- basis_en: named only; the numerator is minutes, the denominator minutes per hour
-- source: 2014七部门意见

-- numerator
SELECT cell, 'session' AS kind, session AS ident, unit, date, session, learner,
  minutes AS contribution, 'named' AS counted
FROM c_att
UNION ALL
SELECT cell, 'reversal', entry, unit, date, session, NULL, minutes, 'named'
FROM c_reversed
WHERE minutes <> 0

-- denominator
SELECT c.cell, 'policy' AS kind, NULL AS ident, p.unit, NULL AS date, NULL AS session,
  NULL AS learner, p.minutes_per_hour AS contribution, NULL AS counted
FROM c_code c CROSS JOIN b_scope p

-- brief numerator
SELECT cell, minutes AS contribution, 'named' AS counted FROM c_tally

-- brief denominator
SELECT c.cell, p.minutes_per_hour AS contribution, NULL AS counted
FROM (SELECT dim AS cell FROM b_scope WHERE dim = 'all' UNION SELECT cell FROM c_tally) c
CROSS JOIN b_scope p
