-- id: E01
-- zh: 活动周参与人次
-- en: campaign attendances
-- unit: 人次
-- dimensions: 
-- needs: held roll
-- rule_version: 1
-- basis_zh: 填了“活动周”的活动，已举办场次的参与人次，实名与仅计数分列
-- basis_en: attendances of sessions held of activities marked with a campaign, named and head-counts shown apart
-- source: 2014七部门意见

-- numerator
SELECT a.cell, 'session' AS kind, a.session AS ident, a.unit, a.date, a.session, a.learner,
  1 AS contribution, 'named' AS counted
FROM c_att a
WHERE a.session IN (
  SELECT h.session FROM b_held h JOIN activity y ON y.ident = h.activity WHERE y.campaign <> '')
UNION ALL
SELECT cell, 'session', session, unit, date, session, NULL, heads, 'crowd'
FROM c_crowd
WHERE session IN (
  SELECT h.session FROM b_held h JOIN activity y ON y.ident = h.activity WHERE y.campaign <> '')
UNION ALL
SELECT v.cell, 'reversal', v.entry, v.unit, v.date, v.session, NULL, v.attended, 'named'
FROM c_reversed v JOIN session s ON s.ident = v.session JOIN activity y ON y.ident = s.activity
WHERE v.attended <> 0 AND y.campaign <> ''
UNION ALL
SELECT v.cell, 'reversal', v.entry, v.unit, v.date, v.session, NULL, v.heads, 'crowd'
FROM c_reversed v JOIN session s ON s.ident = v.session JOIN activity y ON y.ident = s.activity
WHERE v.heads <> 0 AND y.campaign <> ''
