#!/usr/bin/env bash
# Makes the NSIS installer on this system and unpacks it again: is everything in it, and nothing else?
#
#     packaging/windows/try_installer.sh [FOLDER OF A WINDOWS BUILD]
#
# Without a folder one is put together by assemble.py: real libraries, stand-ins for the programs and
# for Python. That needs the package index; with OFFLINE=1 a few files with the right names have to
# do, which tries the script of the installer alone. Ends with 77 where a tool is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."

for tool in makensis 7z; do
    command -v "$tool" >/dev/null || { echo "try_installer: skipped: $tool is missing" >&2; exit 77; }
done
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
source="${1:-}"
if [ -z "$source" ] && [ -z "${OFFLINE:-}" ]; then
    .venv/bin/python -B packaging/windows/assemble.py "$work/assembled"
    source="$work/assembled/learnsite"
elif [ -z "$source" ]; then
    source="$work/stand-in"
    for name in learnsite.exe learnsite-window.exe _internal/python311.dll \
        _internal/PySide6/Qt6Core.dll _internal/PySide6/plugins/platforms/qwindows.dll \
        _internal/learnsite_desktop/_resources/questions.toml licences/NOTICES.txt; do
        mkdir -p "$source/$(dirname "$name")"
        echo "stand-in for $name" >"$source/$name"
    done
    echo "try_installer: a stand-in, not a program"
fi
version="$(sed -n 's/^__version__ = "\(.*\)"/\1/p' src/learnsite_desktop/__init__.py)"
.venv/bin/python - "$work/learnsite.ico" <<'PY'
import os
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, "packaging")
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from build import make_icon

make_icon(Path(sys.argv[1]))
PY
setup="$work/learnsite-$version-setup.exe"
makensis -V2 -DVERSION="$version" -DSOURCE="$(realpath "$source")" -DICON="$work/learnsite.ico" \
    -DOUT="$setup" packaging/windows/installer.nsi
7z x -y -o"$work/out" "$setup" >/dev/null
(cd "$source" && find . -type f | sort) >"$work/wanted"
(cd "$work/out" && find . -type f ! -path './$PLUGINSDIR/*' ! -name 'uninstall.exe*' | sort) >"$work/found"
diff "$work/wanted" "$work/found"
(cd "$source" && find . -type f -exec sha256sum {} +) | (cd "$work/out" && sha256sum --check --quiet)
size="$(stat -c %s "$setup")"
echo "try_installer: $(wc -l <"$work/wanted") files came out as they went in; $size bytes"
# The stand-ins, zeros here, will weigh about 12 MB when they are programs.
[ "$size" -le 38000000 ] || { echo "try_installer: over the budget of 50 MB" >&2; exit 1; }
