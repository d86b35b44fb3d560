-- id: R03
-- zh: 千人学习场地面积
-- en: learning floor area per 1,000
-- unit: 平方米/千人
-- dimensions: 
-- needs: population
-- rule_version: 1
-- missing_zh: 没有对应的人口数，或没有登记场地，或有场地没填面积(由学习点填)
-- missing_en: no matching population figure, no venue, or a venue without its floor area (entered by the site)
-- basis_zh: 期末日登记的学习场地面积之和；户外、居民家中、企事业单位、线上、其他不计；人口取上一年；有场地没填面积时不计算
-- basis_en: floor area of the learning venues on the last day; open air, homes, workplaces, online and other do not count; population of the year before; not computed while a venue has no area
-- source: 青岛评估标准

-- numerator
SELECT 'all' AS cell, 'venue' AS kind, v.ident, v.unit, NULL AS date, NULL AS session,
  NULL AS learner, v.area_m2 AS contribution, NULL AS counted
FROM b_last w CROSS JOIN venue v
LEFT JOIN b_local x ON x.list = 'venue_kind' AND x.code = v.kind
WHERE v.unit = w.unit AND v.counted = 1 AND v.area_m2 IS NOT NULL
  AND coalesce(x.parent, v.kind) NOT IN ('open_air', 'home', 'work', 'online', 'other')

-- denominator
SELECT 'all' AS cell, 'population' AS kind, ident, unit, NULL AS date, NULL AS session,
  NULL AS learner, total AS contribution, NULL AS counted
FROM b_population
WHERE NOT EXISTS (
    SELECT 1
    FROM b_last w CROSS JOIN venue v
    LEFT JOIN b_local x ON x.list = 'venue_kind' AND x.code = v.kind
    WHERE v.unit = w.unit AND v.counted = 1 AND v.area_m2 IS NULL
      AND coalesce(x.parent, v.kind) NOT IN ('open_air', 'home', 'work', 'online', 'other'))
  AND EXISTS (SELECT 1 FROM b_last w CROSS JOIN venue v WHERE v.unit = w.unit AND v.counted = 1)
