"""Surrogate keys: 16-byte ids, unit codes, incarnations and chains as small integers."""

from collections.abc import Collection, Mapping

from learnsite_desktop.domain.ids import b64, unb64
from learnsite_desktop.store.engine import Database

_CACHE_LIMIT = 250_000
_CHUNK = 500


class Idents:
    """Interns ids of records and codes of units; one per connection, inside its transactions."""

    def __init__(self, database: Database) -> None:
        """Read nothing yet."""
        self._database = database
        self._records: dict[str, int] = {}
        self._units: dict[str, int] = {}
        self._chains: dict[tuple[str, str], int] = {}

    def forget(self) -> None:
        """Drop cached keys; needed after a transaction was undone."""
        self._records.clear()
        self._units.clear()
        self._chains.clear()

    def find(self, record: str) -> int | None:
        """Return the key of a record id, None if it was never seen."""
        found = self._records.get(record)
        if found is None:
            raw = unb64(record)
            found = self._database.value("SELECT id FROM ident WHERE rid=?", (raw,))
            if found is not None:
                self._records[record] = found
        return found

    def ident(self, record: str) -> int:
        """Return the key of a record id, making one if needed."""
        found = self._records.get(record)
        if found is not None:
            return found
        found = self.find(record)
        if found is None:
            if len(self._records) > _CACHE_LIMIT:
                self._records.clear()
            found = self._database.insert("INSERT INTO ident (rid) VALUES (?)", (unb64(record),))
            self._records[record] = found
        return found

    def intern(self, records: Collection[str]) -> set[str]:
        """Know the keys of many ids at once, making those that are missing; returns these."""
        if len(self._records) > _CACHE_LIMIT:
            self._records.clear()
        raws = {unb64(record): record for record in records if record not in self._records}
        names = sorted(raws)
        for start in range(0, len(names), _CHUNK):
            part = names[start : start + _CHUNK]
            marks = ",".join("?" * len(part))
            for ident, raw in self._database.rows(
                f"SELECT id, rid FROM ident WHERE rid IN ({marks})", part
            ):
                self._records[raws.pop(raw)] = ident
        last = int(self._database.value("SELECT coalesce(max(id), 0) FROM ident"))
        made = dict(enumerate(raws.items(), start=last + 1))
        self._database.write_rows(
            "INSERT INTO ident (id, rid)", [(ident, raw) for ident, (raw, _record) in made.items()]
        )
        self._records.update({record: ident for ident, (_raw, record) in made.items()})
        return set(raws.values())

    @property
    def known(self) -> Mapping[str, int]:
        """Keys of record ids met lately, for tight loops; others are found by `reference`."""
        return self._records

    def reference(self, value: object) -> int | None:
        """Return the key of a referred record, None if `value` is no record id."""
        if not isinstance(value, str) or len(value) != 22:
            return None
        try:
            return self.ident(value)
        except ValueError:
            return None

    def record(self, ident: int) -> str:
        """Return the record id of a key."""
        return b64(self._database.value("SELECT rid FROM ident WHERE id=?", (ident,)))

    def unit(self, code: str) -> int:
        """Return the key of a unit code; a code missing from the tree gets a bare row."""
        found = self._units.get(code)
        if found is None:
            found = self._database.value("SELECT id FROM unit WHERE code=?", (code,))
            if found is None:
                found = self._database.insert("INSERT INTO unit (code) VALUES (?)", (code,))
                self._database.execute(
                    "INSERT INTO unit_within (ancestor, unit) VALUES (?, ?)", (found, found)
                )
            self._units[code] = found
        return int(found)

    def unit_reference(self, value: object) -> int | None:
        """Return the key of a unit code, None if `value` is none."""
        return self.unit(value) if isinstance(value, str) and value.isdigit() else None

    def chain(self, inc: str, unit: str) -> int:
        """Return the key of chain (incarnation, unit); the incarnation must be known."""
        found = self._chains.get((inc, unit))
        if found is None:
            incarnation = self._database.value(
                "SELECT id FROM incarnation WHERE inc=?", (unb64(inc),)
            )
            keys = (incarnation, self.unit(unit))
            found = self._database.value(
                "SELECT id FROM chain WHERE incarnation=? AND unit=?", keys
            )
            if found is None:
                found = self._database.insert(
                    "INSERT INTO chain (incarnation, unit) VALUES (?, ?)", keys
                )
            self._chains[inc, unit] = found
        return int(found)
