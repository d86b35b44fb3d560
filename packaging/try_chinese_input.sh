#!/usr/bin/env bash
# Types a Chinese name into the real window with real input methods (ibus, fcitx5) and real keys:
#
#     packaging/try_chinese_input.sh [PROGRAM [CASE ...]]          (PROGRAM: .venv/bin/learnsite)
#
# Installs what it needs where root runs it on a Debian; without that it says what is missing and
# ends with 77 (skipped). Pictures of every step are in build/chinese: look at them. Nothing outside
# that folder is written, and no screen, bus or home of whoever runs it is used.
set -euo pipefail
cd "$(dirname "$0")/.."

program="${1:-.venv/bin/learnsite}"
out=build/chinese
packages=(xvfb openbox xdotool imagemagick dbus python3-gi gir1.2-atspi-2.0 at-spi2-core
    fonts-wqy-microhei ibus ibus-libpinyin fcitx5 fcitx5-chinese-addons libime-bin)

lacking() { dpkg-query -W -f '${Status} ${Package}\n' "${packages[@]}" 2>/dev/null |
    awk '/ok installed/ { print $4 }' | sort | comm -13 - <(printf '%s\n' "${packages[@]}" | sort); }

if [ -n "$(lacking)" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -q >/dev/null
    # shellcheck disable=SC2046 # one word a package
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $(lacking) >/dev/null || true
fi
if [ -n "$(lacking)" ]; then
    echo "try_chinese_input: skipped: lacking" $(lacking) >&2
    exit 77
fi
[ -d "$out/demo/computers" ] || .venv/bin/learnsite demo "$out/demo" --scale small >/dev/null
rm -f "$out"/*.png
/usr/bin/python3 packaging/chinese_input.py "$program" "$out/demo" "$out" "${@:2}"
echo "try_chinese_input: pictures in $out"
