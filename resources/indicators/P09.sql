-- id: P09
-- zh: 学员留存率
-- en: year-on-year retention
-- unit: %
-- dimensions: 
-- needs: held roll former
-- rule_version: 1
-- missing_zh: 上一年没有实名到场的人，或不是一整年、不是按已收到
-- missing_en: nobody named in the year before, or not a whole year as received
-- basis_zh: 仅实名；上一年到过场的人中，本年也到过场的；按同一范围的单位，只按一整年、按已收到计算
-- basis_en: named only; of those present in the year before, who were present in this one too, in the same units; whole years, as received only
-- source: 本项目

-- numerator
SELECT 'all' AS cell, 'learner' AS kind, f.person AS ident, n.unit, NULL AS date, NULL AS session,
  f.person AS learner, 1 AS contribution, 'named' AS counted
FROM b_former f CROSS JOIN b_person n
WHERE n.person = f.person

-- denominator
SELECT 'all' AS cell, 'learner' AS kind, f.person AS ident, f.unit, f.date, NULL AS session,
  f.person AS learner, 1 AS contribution, 'named' AS counted
FROM b_former f
