"""The format's description keeps to the code: its worked example and its limits."""

from learnsite_desktop.bundle import frames, payloads, seal
from learnsite_desktop.domain.refusals import REFUSALS
from learnsite_desktop.oplog import certificates, documents, line
from tests.arch.source import ROOT
from tests.bundle.vector import lines

TEXT = (ROOT / "docs" / "bundle-format.md").read_text(encoding="utf-8")


def test_worked_example() -> None:
    rows = TEXT.splitlines()
    for name, text in lines():
        assert f"{name}:" in rows, name
        assert text in rows, name


def test_limits() -> None:
    mib = 1024 * 1024
    for words in (
        f"at most {frames.MAX_PAYLOAD_BYTES // mib} MiB",
        f"window of at most {seal.MAX_WINDOW_BYTES // mib} MiB",
        f"{payloads.MAX_MEDIA_BYTES // mib} MiB of bytes",
        f"longer than {line.MAX_LINE_BYTES // 1024} KiB",
        f"certificate {certificates.MAX_CERTIFICATE_BYTES // 1024} KiB",
        f"revocation {certificates.MAX_REVOCATION_BYTES // mib} MiB",
        f"receipt {documents.MAX_RECEIPT_BYTES // mib} MiB",
        f"document {documents.MAX_DOCUMENT_BYTES // mib} MiB",
        f"format number is {payloads.FORMAT}",
    ):
        assert words in TEXT, words


def test_codes_named_exist() -> None:
    table = TEXT.split("## 10. Refusals")[1].split("## 11.")[0]
    codes = [row.split("`")[1] for row in table.splitlines() if row.startswith("| `")]
    assert len(codes) > 15
    assert not [code for code in codes if code not in REFUSALS]
