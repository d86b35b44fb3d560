"""Surrogate keys: 16-byte ids, unit codes, incarnations and chains as small integers."""

from learnsite_desktop.domain.ids import b64, unb64
from learnsite_desktop.store.engine import Database

_CACHE_LIMIT = 250_000


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
