"""The publisher's key, and update files as they leave the place where packages are built."""

import importlib
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from learnsite_desktop.platform import packaged
from learnsite_desktop.services.updates import running
from tests.desks import found_village

ROOT = Path(__file__).parents[2]


@pytest.fixture
def signing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The script that signs."""
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield importlib.import_module("sign_release")
    del sys.modules["sign_release"]


def run(signing: Any, monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> None:
    monkeypatch.setattr(sys, "argv", ["sign_release.py", *map(str, words)])
    signing.main()


def refused(signing: Any, monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> str:
    """Return the one line that the script ends with when it cannot do what it was asked for."""
    said = io.StringIO()
    monkeypatch.setattr(sys, "stderr", said)
    with pytest.raises(SystemExit) as ended:
        run(signing, monkeypatch, *words)
    assert ended.value.code == 2
    return said.getvalue().splitlines()[-1]


def believe(monkeypatch: pytest.MonkeyPatch, signing: Any, tmp_path: Path, lines: str) -> None:
    """Put public keys where the program's own files are."""
    (tmp_path / "publisher").mkdir(exist_ok=True)
    (tmp_path / "publisher" / "keys.txt").write_text(lines, encoding="ascii")
    monkeypatch.setattr(running, "resource", tmp_path.joinpath)
    monkeypatch.setattr(running, "package_kind", lambda: "deb-amd64")
    assert signing.publisher_keys is running.publisher_keys


def test_a_package_is_signed_and_received(
    signing: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    key = tmp_path / "secret.key"
    run(signing, monkeypatch, "key", key)
    public = capsys.readouterr().out.strip()
    assert key.stat().st_mode & 0o077 == 0 or os.name == "nt"
    package = tmp_path / "learnsite_99.0.0_amd64.deb"
    package.write_bytes(b"a package" * 1000)
    village = found_village(tmp_path / "village")

    believe(monkeypatch, signing, tmp_path, "# nobody yet\n")
    assert "does not have this key" in refused(signing, monkeypatch, "sign", key, package)
    believe(monkeypatch, signing, tmp_path, f"# whoever publishes it\n{public}\n")
    run(signing, monkeypatch, "sign", key, package)
    update = Path(capsys.readouterr().out.strip())
    assert update == tmp_path / "learnsite_99.0.0_amd64.deb.lsu"
    assert village.receive(update)[0]["outcome"] == "received"
    ready = village("updates", "--install", "--out", tmp_path / "out")
    assert Path(ready["path"]).read_bytes() == package.read_bytes()


def test_a_secret_key_never_lies_in_the_source(
    signing: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = refused(signing, monkeypatch, "key", ROOT / "secret.key")
    assert "must not lie in the source" in said
    assert not (ROOT / "secret.key").exists()
    key = tmp_path / "secret.key"
    run(signing, monkeypatch, "key", key)
    before = key.read_bytes()
    assert str(key) in refused(signing, monkeypatch, "key", key)
    assert key.read_bytes() == before


@pytest.mark.parametrize(
    ("follows", "packages", "said"),
    [
        ("soon", ["learnsite_1.2.3_amd64.deb"], "--follows: soon is no version"),
        ("1.2", ["learnsite_1.2.3_amd64.deb"], "--follows: 1.2 is no version"),
        ("1.2.1000", ["learnsite_1.2.3_amd64.deb"], "--follows: 1.2.1000 is no version"),
        ("1.2.3", ["learnsite_1.2.3_amd64.deb"], "could then replace nothing"),
        ("0.1.0", ["learnsite_1.2.1000_amd64.deb"], "1.2.1000 is no version"),
        ("0.1.0", ["learnsite_1.2.3_amd64.deb", "SHA256SUMS"], "not called as a package is"),
        ("0.1.0", ["learnsite_1.2.3_amd64.deb", "learnsite_1.2.4_amd64.deb"], "1.2.4_amd64.deb"),
    ],
)
def test_what_cannot_be_signed_is_said_before_anything_is_signed(
    signing: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    follows: str,
    packages: list[str],
    said: str,
) -> None:
    key = tmp_path / "secret.key"
    run(signing, monkeypatch, "key", key)
    believe(monkeypatch, signing, tmp_path, capsys.readouterr().out)
    for name in packages:
        if name != "learnsite_1.2.4_amd64.deb":  # the one that is not there
            (tmp_path / name).write_bytes(b"a package")
    asked: list[Path | str] = [tmp_path / name for name in packages]
    asked += ["--follows", follows]
    assert said in refused(signing, monkeypatch, "sign", key, *asked)
    assert not list(tmp_path.glob("*.lsu"))


@pytest.mark.parametrize("content", [b"too short", b"\xff\xfe not letters", b""])
def test_a_file_that_is_no_secret_key_is_not_repeated(
    signing: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes
) -> None:
    key, package = tmp_path / "no.key", tmp_path / "learnsite_1.2.3_amd64.deb"
    key.write_bytes(content)
    package.write_bytes(b"a package")
    said = refused(signing, monkeypatch, "sign", key, package)
    assert said.endswith(f"{key} is no secret key")


def test_without_a_built_package_there_is_nothing_to_sign(
    signing: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    key = tmp_path / "secret.key"
    run(signing, monkeypatch, "key", key)
    believe(monkeypatch, signing, tmp_path, capsys.readouterr().out)
    monkeypatch.setattr(signing, "BUILT", tmp_path / "never built")
    assert "no package was built" in refused(signing, monkeypatch, "sign", key)


@pytest.mark.parametrize("name", ["CON.deb", "nul.deb", "Com1.x.deb", "LPT9.deb"])
def test_an_installer_that_windows_takes_for_a_device_is_not_described(
    signing: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setattr(signing, "kind_of", lambda _name: ("deb-amd64", "1.2.3"))
    seed = bytes(32)
    package = tmp_path / name
    package.write_bytes(b"a package")
    with pytest.raises(signing.Unfit, match="cannot be described"):
        signing.sign_package(package, seed, "0.0.0", frozenset({signing.public_of(seed)}))
    assert not list(tmp_path.glob("*.lsu"))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("learnsite_1.2.3_amd64.deb", ("deb-amd64", "1.2.3")),
        ("org.learnsite.desktop_1.2.3.0_amd64.deb", ("uos-amd64", "1.2.3")),
        ("learnsite-1.2.3-linux-x86_64.tar.zst", ("linux-x86_64", "1.2.3")),
        ("learnsite-1.2.3-windows-x64-setup.exe", ("windows-x64", "1.2.3")),
        ("learnsite-1.2.3-windows-x64.zip", None),
        ("SHA256SUMS", None),
        ("learnsite_1.2.3_amd64.deb.lsu", None),
    ],
)
def test_packages_are_known_by_their_names(signing: Any, name: str, kind: object) -> None:
    assert signing.kind_of(name) == kind


def test_the_keys_that_are_shipped_can_be_read() -> None:
    """Whoever publishes the program puts in their own; as long as there is none, that holds too."""
    assert all(len(key) == 32 for key in running.publisher_keys())


def test_a_spoilt_file_of_keys_is_found_at_once(
    signing: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    believe(monkeypatch, signing, tmp_path, "dG9vIHNob3J0\n")
    with pytest.raises(ValueError, match="not a public key"):
        running.publisher_keys()


def test_a_package_says_what_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert packaged.package_kind() == ""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "learnsite"))
    assert packaged.package_kind() == ""
    (tmp_path / "package.txt").write_text("deb-amd64\n", encoding="ascii")
    assert packaged.package_kind() == "deb-amd64"


@pytest.mark.parametrize(("flavour", "kind"), [("plain", "deb-amd64"), ("shop", "uos-amd64")])
@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="no Debian tools here")
def test_both_packages_carry_their_mark(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, flavour: str, kind: str
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    debian = importlib.import_module("debian")
    folder = tmp_path / "learnsite"
    (folder / "licences").mkdir(parents=True)
    (folder / "licences" / "NOTICES.txt").write_text("licences", encoding="utf-8")
    (folder / "learnsite").write_text("#!/bin/sh\n", encoding="utf-8")
    made = getattr(debian, flavour)()
    path = debian.make_package(made, folder, tmp_path, "2.31")
    subprocess.run(["dpkg-deb", "-R", str(path), str(tmp_path / "inside")], check=True)
    mark = tmp_path / "inside" / made.program / packaged.MARK
    assert mark.read_text(encoding="ascii").strip() == kind
    del sys.modules["debian"]
