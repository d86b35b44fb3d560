-- id: S09
-- zh: 结业率
-- en: completion rate
-- unit: %
-- dimensions: tier category topic group
-- needs: ended
-- rule_version: 1
-- missing_zh: 期内没有结束的在册
-- missing_en: no enrolment ended in the period
-- basis_zh: 期内结束的在册；实学分钟不少于全部已办课时的三分之二
-- basis_en: enrolments that end in the period; attended at least two thirds of all held minutes
-- source: 2014七部门意见

-- numerator
SELECT cell, 'enrolment' AS kind, enrolment AS ident, unit, date, NULL AS session, learner,
  1 AS contribution, 'named' AS counted
FROM c_ended
WHERE completed = 1

-- denominator
SELECT cell, 'enrolment' AS kind, enrolment AS ident, unit, date, NULL AS session, learner,
  1 AS contribution, 'named' AS counted
FROM c_ended
