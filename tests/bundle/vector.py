"""The worked example of docs/bundle-format.md, from fixed keys; prints its lines when run."""

import hashlib
from collections.abc import Iterator

from learnsite_desktop.bundle.payloads import PrivatePart, encode_checkpoint, encode_private
from learnsite_desktop.bundle.ranges import encode_ranges
from learnsite_desktop.domain.ids import b64, canonical
from learnsite_desktop.oplog.certificates import make_checkpoint, make_incarnation
from learnsite_desktop.oplog.keys import DeviceKeys
from learnsite_desktop.oplog.line import commitment

AT = "2026-03-31T09:00:00+08:00"
UNIT = "410122100200"
KEYS = DeviceKeys(
    seed=bytes(range(32)),
    # Made for this example and used nowhere else.
    identity="AGE-SECRET-KEY-1GVHQDQU6P0WWMKCA0AA2G3E9MRNMFVAWKL8PEZ5DED7NAEZ8PP3QLQJT2A",
    recovery_recipient="age1rzn0e3d7esgva92mg0s5sensuguafhw2svhjvenj5mygy5f0us6qyv03td",
)


def lines() -> Iterator[tuple[str, str]]:
    """Yield (name, text) of every value in the example."""
    certificate = make_incarnation(KEYS, unit=UNIT, tier="village", at=AT, token_bytes=bytes)
    yield "incarnation certificate", certificate.raw.decode()
    yield "its hash", b64(certificate.hash)
    yield "incarnation id", b64(certificate.inc)
    yield "genesis prev", b64(certificate.genesis(UNIT))
    record, salt = b64(b"\1" * 16), b"\2" * 16
    hidden = commitment(salt, record, "name", "王小明")
    operation = {
        "at": AT,
        "f": {"sex": "F"},
        "inc": b64(certificate.inc),
        "k": "learner.create",
        "n": 1,
        "pf": {"name": b64(hidden)},
        "prev": b64(certificate.genesis(UNIT)),
        "r": record,
        "sv": 1,
        "u": "zhang",
        "un": UNIT,
        "v": 1,
    }
    line = canonical(operation)
    head = hashlib.sha256(line).digest()
    yield "operation line", line.decode()
    yield "its hash", b64(head)
    (payload,) = encode_ranges(certificate.inc, UNIT, 1, [line])
    yield "payload of O, first line", payload.split(b"\n")[0].decode()
    yield "payload of O, second line", payload.split(b"\n")[1].decode()
    point = make_checkpoint(KEYS.sign, certificate.inc, UNIT, 1, head)
    yield "signed by the checkpoint", point.message().decode()
    yield "payload of C", encode_checkpoint(point).decode()
    part = PrivatePart(hidden, salt, record, "name", "王小明")
    yield "payload of P", encode_private(part).decode()


if __name__ == "__main__":
    for name, text in lines():
        print(f"{name}:\n{text}")
