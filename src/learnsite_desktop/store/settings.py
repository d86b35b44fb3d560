"""Small named values of the workspace, and policy."""

from learnsite_desktop.store.engine import Database


def read(database: Database, key: str, default: str = "") -> str:
    """Return a setting."""
    found = database.value("SELECT value FROM setting WHERE key=?", (key,))
    return default if found is None else str(found)


def beginning(database: Database, prefix: str) -> dict[str, str]:
    """Return the settings whose keys begin with `prefix`, by the rest of their keys."""
    rows = database.rows(
        "SELECT key, value FROM setting WHERE substr(key, 1, ?)=?", (len(prefix), prefix)
    )
    return {str(row[0])[len(prefix) :]: str(row[1]) for row in rows}


def write(database: Database, key: str, value: str) -> None:
    """Store a setting."""
    database.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, value))


def remove(database: Database, key: str) -> None:
    """Forget a setting."""
    database.execute("DELETE FROM setting WHERE key=?", (key,))


def policy(database: Database) -> dict[str, str]:
    """Return the policy values set in this workspace."""
    return dict(database.rows("SELECT key, value FROM policy ORDER BY key"))


def set_policy(database: Database, key: str, value: str) -> None:
    """Set a policy value."""
    database.execute("INSERT OR REPLACE INTO policy (key, value) VALUES (?, ?)", (key, value))
