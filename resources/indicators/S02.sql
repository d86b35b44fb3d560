-- id: S02
-- zh: 参与人数(去重)
-- en: distinct learners
-- unit: 人
-- dimensions: tier category topic form vocational delivery age sex group
-- needs: held roll persons
-- rule_version: 1
-- basis_zh: 仅实名；合并重复后的人，年龄按期末日
-- basis_en: named only; persons after links, ages on the last day
-- source: 国家级示范区登记表

-- numerator
SELECT c.cell, 'learner' AS kind, c.person AS ident, c.unit, c.date, NULL AS session,
  c.person AS learner, 1 AS contribution, 'named' AS counted
FROM c_person c

-- brief numerator
SELECT cell, persons AS contribution, 'named' AS counted FROM c_headed
