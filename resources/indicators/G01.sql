-- id: G01
-- zh: 农民培训人次
-- en: farmer training attendances
-- unit: 人次
-- dimensions: tier category
-- needs: held roll
-- rule_version: 1
-- basis_zh: 仅实名；登记为农民的人到场的人次，仅计数的人和冲正不知人群，不计
-- basis_en: named only; attendances of persons of the group farmer; of head-counts and reversals the group is not known
-- source: 2014七部门意见;2016九部门意见

-- numerator
SELECT a.cell, 'session' AS kind, a.session AS ident, a.unit, a.date, a.session, a.learner,
  1 AS contribution, 'named' AS counted
FROM c_att a
WHERE (a.session, a.person) IN (
  SELECT r.session, r.person
  FROM b_roll r CROSS JOIN learner_groups g
  LEFT JOIN b_local x ON x.list = 'population_group' AND x.code = g.code
  WHERE g.ident = r.learner AND coalesce(x.parent, g.code) = 'farmer')
