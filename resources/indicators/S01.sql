-- id: S01
-- zh: 参与人次
-- en: attendances
-- unit: 人次
-- dimensions: tier category topic form vocational delivery age sex group
-- needs: held roll
-- rule_version: 1
-- basis_zh: 实名人次与仅计数人次之和，两者分列；已举办的场次，同一人同一场只计一次
-- basis_en: named attendances plus head-counts, shown apart; held sessions, one person once per session
-- source: 国家级示范区登记表

-- numerator
SELECT cell, 'session' AS kind, session AS ident, unit, date, session, learner,
  1 AS contribution, 'named' AS counted
FROM c_att
UNION ALL
SELECT cell, 'session', session, unit, date, session, NULL, heads, 'crowd'
FROM c_crowd
UNION ALL
SELECT cell, 'reversal', entry, unit, date, session, NULL, attended, 'named'
FROM c_reversed
WHERE attended <> 0
UNION ALL
SELECT cell, 'reversal', entry, unit, date, session, NULL, heads, 'crowd'
FROM c_reversed
WHERE heads <> 0

-- brief numerator
SELECT cell, named AS contribution, 'named' AS counted FROM c_tally
UNION ALL
SELECT cell, heads, 'crowd' FROM c_crowd
