-- id: S08
-- zh: 到课率
-- en: attendance rate of classes
-- unit: %
-- dimensions: tier category topic
-- needs: held roll expected
-- rule_version: 1
-- missing_zh: 没有应到学员
-- missing_en: nobody was expected
-- basis_zh: 班级课程(01)；应到为当日在册学员，临时参加者不计
-- basis_en: classes (kind 01); expected are those enrolled on the day, walk-ins do not count
-- source: 本项目

-- numerator
SELECT cell, 'enrolment' AS kind, enrolment AS ident, unit, date, session, learner,
  1 AS contribution, 'named' AS counted
FROM c_expected
WHERE present = 1

-- denominator
SELECT cell, 'enrolment' AS kind, enrolment AS ident, unit, date, session, learner,
  1 AS contribution, 'named' AS counted
FROM c_expected
