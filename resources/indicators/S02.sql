-- id: S02
-- zh: 参与人数(去重)
-- en: distinct learners
-- unit: 人
-- dimensions: tier category topic form vocational delivery age sex group
-- needs: held roll
-- rule_version: 1
-- basis_zh: 仅实名；合并重复后的人，年龄按期末日
-- basis_en: named only; persons after links, ages on the last day
-- source: 国家级示范区登记表

-- numerator
SELECT a.last_cell AS cell, 'learner' AS kind, a.person AS ident, n.unit, min(a.date) AS date,
  NULL AS session, a.person AS learner, 1 AS contribution, 'named' AS counted
FROM c_att a JOIN b_person n ON n.person = a.person
GROUP BY a.last_cell, a.person, n.unit
