#!/usr/bin/env bash
# Prepares a checkout: system libraries for Qt, a Chinese font, the virtual environment, the program.
# Everything comes with hashes from constraints.txt. May be run again at any time.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.venv

find_python() {
    local name
    for name in "${PYTHON:-}" python3.11 python3.12 python3.13 python3; do
        if [ -n "$name" ] && command -v "$name" >/dev/null &&
            "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'; then
            echo "$name"
            return
        fi
    done
}

# Prints the Debian package of every shared library that is absent (those that Qt loads for a window
# under X, and without a screen).
missing_libraries() {
    "$1" - <<'PY'
import ctypes

wanted = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libSM.so.6": "libsm6",
    "libICE.so.6": "libice6",
}
for library, package in wanted.items():
    try:
        ctypes.CDLL(library)
    except OSError:
        print(package)
PY
}

has_chinese_font() {
    if command -v fc-list >/dev/null; then
        [ -n "$(fc-list :lang=zh-cn)" ]
    else
        find /usr/share/fonts /usr/local/share/fonts "${HOME:-/nonexistent}/.local/share/fonts" \
            \( -name '*wqy*' -o -name '*NotoSansCJK*' -o -name '*SourceHanSans*' \) -print -quit \
            2>/dev/null | grep -q .
    fi
}

apt_line() { echo "apt-get update && apt-get install -y --no-install-recommends $*"; }

# Installs packages when root on a Debian-like system; returns 1 when they could not be installed.
apt_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    echo "setup: installing $*"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -q --no-install-recommends "$@" >/dev/null 2>&1 ||
        { apt-get update -q >/dev/null && apt-get install -y -q --no-install-recommends "$@" >/dev/null; }
}

need() {
    apt_install "$@" && return
    echo "setup: these system packages are missing. As root, run:" >&2
    echo "    $(apt_line "$@")" >&2
    return 1
}

python="$(find_python)"
if [ -z "$python" ]; then
    need python3.11 python3.11-venv
    python="$(find_python)"
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    need "$("$python" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')"
fi

if [ "$(uname -s)" = Linux ]; then
    libraries="$(missing_libraries "$python")"
    # shellcheck disable=SC2086 - one word per package
    [ -z "$libraries" ] || need $libraries
    has_chinese_font || need fonts-wqy-microhei ||
        echo "setup: going on without a Chinese font; printed pages and windows need one." >&2
fi

# A copied or moved environment points at its old place: make it anew.
if [ -x "$venv/bin/python" ] && ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$venv"
fi
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"

"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
    -r constraints.txt
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
    --no-build-isolation -e .
"$venv/bin/python" scripts/locales.py compile
touch "$venv/.ready"
echo "setup: ready - .venv/bin/learnsite"
