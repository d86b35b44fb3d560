"""Periods as people say them, on screens and on official tables."""

from learnsite_desktop.domain.periods import Period, PeriodKind
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import render


def period_words(period: Period) -> str:
    """Return a period as people say it."""
    year = period.first.year
    month = period.first.month
    match period.kind:
        case PeriodKind.MONTH:
            return render(N_("%(year)s-%(month)s"), {"year": year, "month": f"{month:02d}"})
        case PeriodKind.QUARTER:
            return render(N_("%(year)s, quarter %(part)s"), {"year": year, "part": month // 3 + 1})
        case PeriodKind.HALF:
            return render(N_("%(year)s, half %(part)s"), {"year": year, "part": month // 6 + 1})
        case PeriodKind.YEAR:
            return render(N_("year %(year)s"), {"year": year})
        case _:
            return render(N_("school year %(period)s"), {"period": period.text})
