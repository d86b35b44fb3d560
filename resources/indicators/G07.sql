-- id: G07
-- zh: 送教上门人次
-- en: home-delivered attendances
-- unit: 人次
-- dimensions: tier group
-- needs: held roll
-- rule_version: 1
-- basis_zh: 方式为送教上门的场次的参与人次，实名与仅计数分列
-- basis_en: attendances of sessions delivered at home, named and head-counts shown apart
-- source: 老年教育规划2016-2020

-- numerator
SELECT cell, 'session' AS kind, session AS ident, unit, date, session, learner,
  1 AS contribution, 'named' AS counted
FROM c_att
WHERE session IN (SELECT session FROM b_held WHERE delivery = '20')
UNION ALL
SELECT cell, 'session', session, unit, date, session, NULL, heads, 'crowd'
FROM c_crowd
WHERE session IN (SELECT session FROM b_held WHERE delivery = '20')
UNION ALL
SELECT cell, 'reversal', entry, unit, date, session, NULL, attended, 'named'
FROM c_reversed
WHERE attended <> 0 AND delivery = '20'
UNION ALL
SELECT cell, 'reversal', entry, unit, date, session, NULL, heads, 'crowd'
FROM c_reversed
WHERE heads <> 0 AND delivery = '20'

-- brief numerator
SELECT cell, named AS contribution, 'named' AS counted FROM c_tally
WHERE delivery = '20'
UNION ALL
SELECT cell, heads, 'crowd' FROM c_crowd
WHERE session IN (SELECT session FROM b_held WHERE delivery = '20')
