#!/usr/bin/env bash
# Installs the .deb in two fresh Debians without Python and works in them as two clerks would:
#
#     packaging/try_in_chroot.sh FOLDER [SUITE]          (SUITE: bookworm, bullseye, trixie, ...)
#
# A village's window is opened by its opening file, a session is entered by real keys (xdotool,
# under Xvfb), the month is handed in; the township's window is opened by that file and takes it in.
# Neither may use more than 2 GB of addresses. Pictures of every step are in FOLDER/SUITE-pictures: look at them. FOLDER keeps the Debians (about
# 700 MB each) for the next time. Needs root, debootstrap, Xvfb, xdotool and the mirror of this
# computer's own apt; where something is missing it says what and ends with 77 (skipped).
set -euo pipefail
cd "$(dirname "$0")/.."

base="${1:?usage: packaging/try_in_chroot.sh FOLDER [SUITE]}"
suite="${2:-bookworm}"
deb="$(ls build/package/learnsite_*_amd64.deb 2>/dev/null | head -1)"
pictures="$base/$suite-pictures"
display=":${DISPLAY_NUMBER:-98}"
village_code=410122101219
township_code=410122101000
mirror="${MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    grep -v security | grep '/debian/*$' | head -1 || true)}"

skip() {
    echo "try_in_chroot: skipped: $*" >&2
    exit 77
}
fail() {
    picture failed || true
    echo "try_in_chroot: $*" >&2
    exit 1
}

[ -n "$deb" ] || skip "no package in build/package; make release (or make package) comes first"
[ "$(id -u)" = 0 ] || skip "only root may make a Debian inside this one"
for tool in debootstrap Xvfb xdotool import convert; do
    command -v "$tool" >/dev/null || skip "$tool is missing"
done
[ -n "$mirror" ] || skip "this computer's apt names no Debian mirror; name one with MIRROR="

# -- two Debians -----------------------------------------------------------------------------------

mounted=()
started=()
cleanup() {
    for one in "${started[@]}"; do kill "$one" 2>/dev/null || true; done
    sleep 1
    for one in "${mounted[@]}"; do umount -l "$one" 2>/dev/null || true; done
}
trap cleanup EXIT

root_of() { echo "$base/$suite-$1"; }

as_root() { chroot "$(root_of "$1")" /usr/bin/env -i HOME=/root LANG=C.UTF-8 \
    PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "${@:2}"; }

as_clerk() { chroot --userspec=clerk:clerk "$(root_of "$1")" /usr/bin/env -i HOME=/home/clerk \
    LANG=C.UTF-8 PATH=/usr/bin:/bin DISPLAY="$display" XDG_RUNTIME_DIR=/run/clerk "${@:2}"; }

install_in() {
    local root
    root="$(root_of "$1")"
    [ -d "$base/$suite-fresh/usr" ] ||
        debootstrap --variant=minbase "$suite" "$base/$suite-fresh" "$mirror" >/dev/null
    rm -rf "$root"
    cp -a "$base/$suite-fresh" "$root"
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    ! as_root "$1" sh -c 'command -v python3' || fail "this Debian has Python: it proves nothing"
    cp "$deb" "$root/root/learnsite.deb"
    as_root "$1" apt-get update -q >/dev/null
    as_root "$1" apt-get install -y -q --no-install-recommends /root/learnsite.deb >/dev/null ||
        fail "the package cannot be installed"
    as_root "$1" useradd -m clerk
    as_root "$1" install -d -o clerk -m 700 /run/clerk
    as_root "$1" install -d -o clerk /home/clerk/Desktop
    mkdir -p "$root/tmp/.X11-unix"
    for pair in /tmp/.X11-unix:tmp/.X11-unix /proc:proc; do
        mount --bind "${pair%%:*}" "$root/${pair##*:}"
        mounted+=("$root/${pair##*:}")
    done
    echo "$1: $(as_root "$1" sh -c 'ldd --version | head -1'), $(du -sm "$root/usr/lib/learnsite" |
        cut -f1) MB, $(as_clerk "$1" learnsite --version)"
}

# -- a person at the screen ------------------------------------------------------------------------

number=0
picture() {
    number=$((number + 1))
    import -display "$display" -window root "$pictures/$(printf %02d "$number")-$1.png"
}
keys() {
    local one
    for one in "$@"; do
        DISPLAY="$display" xdotool key --clearmodifiers "$one"
        sleep 0.7
    done
}
words() {
    DISPLAY="$display" xdotool type --delay 250 "$1"
    sleep 0.7
}
# Opens a window in a Debian, as on a computer with 2 GB of memory.
window_in() {
    (
        ulimit -v 2097152
        as_clerk "$1" learnsite "${@:2}" >"$base/$suite-$1.log" 2>&1
    ) &
    started+=($!)
}
close_window() {
    echo "$1: most memory at a time: $(awk '/VmHWM/ { printf "%.0f MB", $2 / 1000 }' \
        "/proc/$(pgrep -n -x learnsite)/status")"
    keys ctrl+q
    sleep 4
}
window_shown() {
    local _try
    for _try in $(seq 60); do
        DISPLAY="$display" xdotool search --onlyvisible --name '学点记' >/dev/null 2>&1 && break
        sleep 0.5
    done
    DISPLAY="$display" xdotool search --onlyvisible --name '学点记' windowfocus >/dev/null ||
        fail "no window came up"
    sleep 4
}
sessions_of() {
    as_clerk "$1" learnsite --json list session 2>/dev/null | tr '{' '\n' | grep -c '"status": *"held"' ||
        true
}

# -- the story -------------------------------------------------------------------------------------

mkdir -p "$base" "$pictures"
rm -f "$pictures"/*.png
Xvfb "$display" -screen 0 1366x768x24 -ac >/dev/null 2>&1 &
started+=($!)
sleep 2
if command -v openbox >/dev/null; then
    DISPLAY="$display" openbox >/dev/null 2>&1 &
    started+=($!)
fi
install_in township
install_in village

as_clerk township learnsite init --tier township --unit "$township_code" >/dev/null
as_clerk township learnsite opening "$village_code" --out /home/clerk/Desktop >/dev/null
opening="$(ls "$(root_of township)"/home/clerk/Desktop/*.lso)"
cp "$opening" "$(root_of village)/home/clerk/Desktop/"
as_root village chown -R clerk /home/clerk/Desktop

window_in village "/home/clerk/Desktop/$(basename "$opening")"
window_shown
picture first-run
words '周桂兰'
keys Return
sleep 6
picture today
keys ctrl+n
words '防骗讲座'
keys Return
words '03'
keys Return Return
words "$(date +%-m.%-d)"
keys Return
words '7'
keys Return
words '8'
keys Return Return Return Return # lessons, teacher, room
words '荣庄教学点'
keys Return Return # sort of education
words '书法'
keys Return
picture planned
keys ctrl+s
sleep 2
keys alt+1
sleep 2
keys Return
sleep 2
words '38'
keys Return
words '20'
keys Return
words '12'
picture counted
keys ctrl+s
sleep 3
picture held
keys alt+6
sleep 3
picture hand-in
keys Return
sleep 4
picture handed-in
close_window village
[ "$(sessions_of village)" -ge 1 ] || fail "the session that was typed is not in the village's records"
bundle="$(find "$(root_of village)/home/clerk" -name '*.lsb' -printf '%T@ %p\n' | sort -n | tail -1 |
    cut -d' ' -f2-)"
[ -n "$bundle" ] || fail "nothing was handed in"

# The same file, opened where it is expected; a second start hands it to the window that is open.
cp "$bundle" "$(root_of township)/home/clerk/Desktop/来文.lsb"
as_root township chown -R clerk /home/clerk/Desktop
window_in township
window_shown
picture township
as_clerk township learnsite /home/clerk/Desktop/来文.lsb || fail "the second start did not end well"
sleep 4
picture arrived
keys ctrl+s
sleep 4
picture taken
close_window township
[ "$(sessions_of township)" -ge 1 ] || fail "the session did not arrive at the township"
as_clerk township learnsite check >/dev/null || fail "the township's records are not sound"
echo "try_in_chroot: $suite: done; $number pictures in $pictures"
