"""Reference of G2: what Morango 0.8.15 does with attendance records inside one process.

Runs in an environment of its own with Morango installed, never the product's:
`python reference_morango.py send DATABASE COUNT` serializes and queues, `… take DATABASE SENT`
dequeues and deserializes what a sender's database has queued. No network, no certificates.
"""

# Django must be set up before its models may be imported; the stages are Morango's own, private.
# ruff: noqa: PLC0415, SLF001

import json
import sqlite3
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

# Django and Morango are not there where the types are checked.
import django  # type: ignore[import-not-found]
from django.conf import settings  # type: ignore[import-not-found]
from django.db import connection, models  # type: ignore[import-not-found]

PROFILE = "attendance"
PARTITION = "410199101201"
AT = "2026-03-01T18:00:00+08:00"
CARRIED = (
    "morango_syncsession",
    "morango_transfersession",
    "morango_buffer",
    "morango_recordmaxcounterbuffer",
)


def set_up(database: str) -> type[Any]:
    """Start Django on a database file and return the attendance model, its table made."""
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "morango"],
        SECRET_KEY="bench",
        USE_TZ=True,
    )
    django.setup()
    from django.core.management import call_command  # type: ignore[import-not-found]
    from morango.models.core import SyncableModel  # type: ignore[import-not-found]
    from morango.registry import syncable_models  # type: ignore[import-not-found]

    class Attendance(SyncableModel):  # type: ignore[misc]
        morango_model_name = "attendance"
        morango_profile = PROFILE

        session = models.CharField(max_length=32, db_index=True)
        learner = models.CharField(max_length=32, db_index=True)
        unit = models.CharField(max_length=12)
        name = models.CharField(max_length=40)
        start = models.CharField(max_length=30)
        status = models.CharField(max_length=1)
        minutes = models.IntegerField(null=True, blank=True)
        source = models.CharField(max_length=10)
        proxy = models.BooleanField(null=True, blank=True)
        created = models.CharField(max_length=30)
        changed = models.CharField(max_length=30)
        device = models.CharField(max_length=12)
        seq = models.IntegerField()
        clock = models.CharField(max_length=40)
        note = models.CharField(max_length=200, blank=True)

        class Meta:
            app_label = "morango"

        def calculate_source_id(self) -> str:
            return f"{self.session}:{self.learner}"

        def calculate_partition(self) -> str:
            return PARTITION

    syncable_models.ready = False
    syncable_models.profile_models.clear()
    syncable_models.populate()
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
    with connection.schema_editor() as editor:
        editor.create_model(Attendance)
    return Attendance


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Return wall and CPU seconds of a call."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def send(database: str, count: int) -> dict[str, Any]:
    """Make `count` records of sessions of 30 and prepare them for a receiver."""
    attendance = set_up(database)
    from django.utils import timezone  # type: ignore[import-not-found]
    from morango.models.certificates import Filter  # type: ignore[import-not-found]
    from morango.models.core import DatabaseMaxCounter, SyncSession, TransferSession
    from morango.sync.controller import MorangoProfileController  # type: ignore[import-not-found]
    from morango.sync.operations import _queue_into_buffer_v1  # type: ignore[import-not-found]

    learners = [uuid.uuid4().hex for _ in range(30)]
    rows = []
    for number in range(count):
        if number % 30 == 0:
            session = uuid.uuid4().hex
        row = attendance(
            session=session,
            learner=learners[number % 30],
            unit=PARTITION,
            name="王秀英",
            start=AT,
            status="P",
            source="roster",
            created=AT,
            changed=AT,
            device="d0Aq3kZP",
            seq=number,
            clock=f"{AT}-{number:08d}",
        )
        row.id = row.calculate_uuid()
        row._morango_partition = PARTITION
        rows.append(row)
    attendance.objects.bulk_create(rows, batch_size=500)
    controller = MorangoProfileController(PROFILE)
    result = {"serialize": timed(controller.serialize_into_store)}
    now = timezone.now()
    sync = SyncSession.objects.create(
        id=uuid.uuid4().hex, profile=PROFILE, last_activity_timestamp=now, connection_kind="disk"
    )
    fsic = DatabaseMaxCounter.calculate_filter_specific_instance_counters(
        Filter(PARTITION), is_producer=True
    )
    transfer = TransferSession.objects.create(
        id=uuid.uuid4().hex,
        filter=PARTITION,
        push=True,
        sync_session=sync,
        last_activity_timestamp=now,
        client_fsic=json.dumps(fsic),
        records_total=count,
        records_transferred=count,
    )
    result["queue"] = timed(lambda: _queue_into_buffer_v1(transfer))
    return result


def take(database: str, sent: str) -> dict[str, Any]:
    """Take in what the sender queued; `records` says how many arrived in the end."""
    attendance = set_up(database)
    from morango.models.core import TransferSession
    from morango.sync.controller import MorangoProfileController
    from morango.sync.operations import _dequeue_into_store

    connection.close()
    carrier = sqlite3.connect(database)
    carrier.execute("ATTACH ? AS sent", (sent,))
    for table in CARRIED:
        carrier.execute(f'INSERT INTO main."{table}" SELECT * FROM sent."{table}"')
    carrier.commit()
    carrier.close()
    transfer = TransferSession.objects.get()
    controller = MorangoProfileController(PROFILE)
    result: dict[str, Any] = {
        "dequeue": timed(lambda: _dequeue_into_store(transfer, transfer.client_fsic)),
        "deserialize": timed(controller.deserialize_from_store),
    }
    result["records"] = attendance.objects.count()
    return result


if __name__ == "__main__":
    if sys.argv[1] == "send":
        print(json.dumps(send(sys.argv[2], int(sys.argv[3]))))
    else:
        print(json.dumps(take(sys.argv[2], sys.argv[3])))
