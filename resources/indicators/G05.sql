-- id: G05
-- zh: 低技能者培训人数
-- en: low-skilled trained
-- unit: 人
-- dimensions: 
-- needs: held roll
-- rule_version: 1
-- basis_zh: 仅实名；登记为低技能者的人，到过职业类活动的场次，合并重复
-- basis_en: named only; persons of the group low-skilled who were at a session of a vocational activity, after links
-- source: 2014七部门意见

-- numerator
SELECT 'all' AS cell, 'learner' AS kind, r.person AS ident, n.unit, min(h.date) AS date,
  NULL AS session, r.person AS learner, 1 AS contribution, 'named' AS counted
FROM b_roll r CROSS JOIN b_held h CROSS JOIN b_person n CROSS JOIN learner_groups g
LEFT JOIN b_local x ON x.list = 'population_group' AND x.code = g.code
WHERE h.session = r.session AND n.person = r.person AND h.vocational = 'V1'
  AND g.ident = r.learner AND coalesce(x.parent, g.code) = 'low_skill'
GROUP BY r.person, n.unit
