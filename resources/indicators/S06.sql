-- id: S06
-- zh: 人均学时
-- en: hours per learner
-- unit: 学时/人
-- dimensions: tier category topic age group
-- needs: held roll persons
-- rule_version: 1
-- missing_zh: 没有实名到场的人
-- missing_en: nobody named was present
-- basis_zh: 仅实名；分子为分钟，分母为每学时分钟数乘人数
-- basis_en: named only; minutes over minutes per hour times persons
-- source: UNESCO关键特征

-- numerator
SELECT cell, 'session' AS kind, session AS ident, unit, date, session, learner,
  minutes AS contribution, 'named' AS counted
FROM c_att

-- denominator
SELECT c.cell, 'learner' AS kind, c.person AS ident, c.unit, c.date, NULL AS session,
  c.person AS learner, p.minutes_per_hour AS contribution, 'named' AS counted
FROM c_person c CROSS JOIN b_scope p

-- brief numerator
SELECT cell, minutes AS contribution, 'named' AS counted FROM c_tally

-- brief denominator
SELECT c.cell, c.persons * p.minutes_per_hour AS contribution, 'named' AS counted
FROM c_headed c CROSS JOIN b_scope p
