-- What reports count beside indicators: registers that stand on the last day of the period. Each
-- section is one query of contribution rows, as a part of an indicator is; its cells are codes.

-- section: sites
SELECT coalesce(x.parent, k.value) AS cell, 'site' AS kind, b.site AS ident, b.unit,
  NULL AS date, NULL AS session, NULL AS learner, 1 AS contribution, NULL AS counted
FROM b_site b JOIN site_kinds k ON k.ident = b.site
LEFT JOIN b_local x ON x.list = 'site_kind' AND x.code = k.value
GROUP BY coalesce(x.parent, k.value), b.site, b.unit
UNION ALL
SELECT 'all', 'site', b.site, b.unit, NULL, NULL, NULL, 1, NULL FROM b_site b

-- section: staff
SELECT coalesce(x.parent, k.value) AS cell, 'staff' AS kind, f.ident, f.unit,
  NULL AS date, NULL AS session, NULL AS learner, 1 AS contribution, NULL AS counted
FROM b_scope p CROSS JOIN b_last w CROSS JOIN staff f JOIN staff_kinds k ON k.ident = f.ident
LEFT JOIN b_local x ON x.list = 'staff_kind' AND x.code = k.value
WHERE f.unit = w.unit AND f.counted = 1 AND (f."from" IS NULL OR f."from" <= p."last")
  AND (f."to" IS NULL OR f."to" >= p."last")
GROUP BY coalesce(x.parent, k.value), f.ident, f.unit

-- section: venues
SELECT coalesce(x.parent, v.kind) AS cell, 'venue' AS kind, v.ident, v.unit,
  NULL AS date, NULL AS session, NULL AS learner, 1 AS contribution, NULL AS counted
FROM b_last w CROSS JOIN venue v
LEFT JOIN b_local x ON x.list = 'venue_kind' AND x.code = v.kind
WHERE v.unit = w.unit AND v.counted = 1
