-- id: G02
-- zh: 高素质农民培训人数
-- en: new-type farmers trained
-- unit: 人
-- dimensions: 
-- needs: held roll
-- rule_version: 1
-- basis_zh: 仅实名；登记为高素质农民的人，到过主题为农业实用技术的场次，合并重复
-- basis_en: named only; persons of the group trained professional farmer who were at a session with a farm-skills topic, after links
-- source: 陕西实验区评估2015

-- numerator
SELECT 'all' AS cell, 'learner' AS kind, r.person AS ident, n.unit, min(h.date) AS date,
  NULL AS session, r.person AS learner, 1 AS contribution, 'named' AS counted
FROM b_roll r CROSS JOIN b_held h CROSS JOIN b_person n CROSS JOIN learner_groups g
LEFT JOIN b_local x ON x.list = 'population_group' AND x.code = g.code
WHERE h.session = r.session AND n.person = r.person
  AND h.activity IN (SELECT t.activity FROM b_topic t WHERE substr(t.code, 1, 2) = '09')
  AND g.ident = r.learner AND coalesce(x.parent, g.code) = 'pro_farmer'
GROUP BY r.person, n.unit
