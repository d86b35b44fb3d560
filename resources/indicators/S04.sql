-- id: S04
-- zh: 活动(班次)数
-- en: activities or classes
-- unit: 个
-- dimensions: tier category topic form vocational delivery
-- needs: held
-- rule_version: 1
-- basis_zh: 期内至少举办一场的活动
-- basis_en: activities with a held session in the period
-- source: 本项目

-- numerator
SELECT cell, 'activity' AS kind, activity AS ident, unit, min(date) AS date, NULL AS session,
  NULL AS learner, 1 AS contribution, NULL AS counted
FROM c_session
GROUP BY cell, activity, unit
