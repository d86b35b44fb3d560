-- id: D03
-- zh: 佐证齐全率
-- en: evidence-complete rate
-- unit: %
-- dimensions: tier category
-- needs: held
-- rule_version: 1
-- missing_zh: 没有已举办的场次
-- missing_en: no session was held
-- basis_zh: 已举办的场次中，政策要求的佐证种类样样都有的；挂在场次本身的照片才算
-- basis_en: held sessions with a picture of every kind that the policy asks for, attached to the session itself
-- source: 本项目

-- numerator
SELECT c.cell, 'session' AS kind, c.session AS ident, c.unit, c.date, c.session, NULL AS learner,
  1 AS contribution, NULL AS counted
FROM c_session c
WHERE NOT EXISTS (
  SELECT 1 FROM b_required q
  WHERE NOT EXISTS (
    SELECT 1 FROM evidence e LEFT JOIN b_local x ON x.list = 'evidence_kind' AND x.code = e.kind
    WHERE e.target = c.session AND e.counted = 1 AND coalesce(x.parent, e.kind) = q.kind))

-- denominator
SELECT c.cell, 'session' AS kind, c.session AS ident, c.unit, c.date, c.session, NULL AS learner,
  1 AS contribution, NULL AS counted
FROM c_session c
