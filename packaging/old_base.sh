#!/usr/bin/env bash
# Builds the release where the oldest system it must run on is at home: a Debian 11 of its own
# (glibc 2.31) with Python 3.11 and SQLite, both made from Debian 12's sources. What is built there
# runs on newer systems; what is built on a newer one does not run there.
#
#     packaging/old_base.sh FOLDER [WORDS FOR build.py]
#
# FOLDER holds the Debian (about 2 GB; made once, used again). Needs root, debootstrap and the
# mirror of this computer's own apt; the result is in build/package, as without this script.
set -euo pipefail
cd "$(dirname "$0")/.."

base="${1:?usage: packaging/old_base.sh FOLDER [words for build.py]}"
shift
root="$base/bullseye"
wheels="$base/wheels"
# Tests of a mirror's own kind may name another one.
mirror="${MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' |
    grep -v security | grep '/debian/*$' | head -1)}"

fail() {
    echo "old_base: $*" >&2
    exit 1
}

[ "$(id -u)" = 0 ] || fail "only root may make a Debian inside this one"
command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"
[ -n "$mirror" ] || fail "this computer's apt names no Debian mirror; name one with MIRROR="

inside() { chroot "$root" /usr/bin/env -i HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    PATH=/opt/base/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"; }

make_debian() {
    mkdir -p "$base"
    [ -x "$root/usr/bin/apt-get" ] || debootstrap --variant=minbase bullseye "$root" "$mirror"
    printf 'deb %s bullseye main\ndeb-src %s bookworm main\n' "$mirror" "$mirror" \
        >"$root/etc/apt/sources.list"
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    inside apt-get update -q
    inside apt-get install -y -q --no-install-recommends build-essential dpkg-dev tcl \
        libssl-dev libexpat1-dev libmpdec-dev zlib1g-dev libbz2-dev liblzma-dev libffi-dev libreadline-dev uuid-dev \
        binutils zstd xz-utils zip file \
        libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libfontconfig1 libdbus-1-3 libglib2.0-0 \
        libx11-xcb1 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 \
        libxcb-shape0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 libxcb-render0 libxcb-util1 \
        libsm6 libice6 libcups2 libwayland-client0 libwayland-cursor0 fonts-wqy-microhei
    inside sh -c 'apt-get install -y -q --no-install-recommends libxcb-cursor0 || true'
}

# SQLite as Debian 12 has it: Debian 11's own is older than what the program was tested with.
make_sqlite() {
    inside bash -euc '
        mkdir -p /opt/source && mkdir -p /opt/source && cd /opt/source
        apt-get source -q sqlite3/bookworm && cd sqlite3-3*
        CFLAGS="-O2 -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_FTS3 -DSQLITE_ENABLE_RTREE \
            -DSQLITE_ENABLE_COLUMN_METADATA -DSQLITE_ENABLE_MATH_FUNCTIONS \
            -DSQLITE_ENABLE_DBSTAT_VTAB -DSQLITE_SECURE_DELETE -DSQLITE_MAX_VARIABLE_NUMBER=250000" \
            ./configure --prefix=/opt/base --disable-tcl --disable-static --enable-fts5 >/dev/null
        make -s -j"$(nproc)" >/dev/null && make -s install >/dev/null'
}

make_python() {
    inside bash -euc '
        rm -rf /opt/base/lib/python3.11 && mkdir -p /opt/source && cd /opt/source
        apt-get source -q python3.11/bookworm && cd python3.11-3*
        # A mended pyexpat.c of Debian asks for a word that only its own build gives.
        sed -i "s/Extension(.pyexpat., sources=\[.pyexpat.c.\]/&, extra_compile_args=[\"-DPy_BUILD_CORE_MODULE\"]/" setup.py
        ./configure -q --prefix=/opt/base --enable-shared --without-ensurepip \
            --with-system-expat --with-system-libmpdec \
            CPPFLAGS=-I/opt/base/include LDFLAGS="-L/opt/base/lib -Wl,-rpath,/opt/base/lib" >/dev/null
        make -s -j"$(nproc)" >/dev/null && make -s install >/dev/null
        /opt/base/bin/python3.11 -c "import _decimal, ctypes, hashlib, lzma, pyexpat, sqlite3, ssl, zlib; print(sqlite3.sqlite_version)"
        rm -rf /opt/source'
}

# The wheels come through this computer's own pip; only such as run on glibc 2.31.
fetch_wheels() {
    rm -rf "$wheels"
    local tags=()
    for tag in manylinux_2_31 manylinux_2_28 manylinux_2_27 manylinux_2_26 manylinux_2_24 \
        manylinux_2_17 manylinux2014 manylinux_2_12 manylinux2010 manylinux_2_5 manylinux1; do
        tags+=(--platform "${tag}_x86_64")
    done
    .venv/bin/python -m pip download --quiet --disable-pip-version-check --require-hashes \
        --only-binary=:all: --python-version 3.11 --implementation cp "${tags[@]}" \
        -r packaging/requirements.txt -d "$wheels"
    .venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps \
        --only-binary=:all: pip -d "$wheels"
}

build() {
    place="$root/build"
    rm -rf "$place" "$root/wheels"
    mkdir -p "$place"
    cp -r "$wheels" "$root/wheels"
    .venv/bin/python scripts/locales.py compile
    cp -r Makefile LICENSE README.md constraints.txt pyproject.toml src resources packaging scripts \
        "$place/"
    # The program that was built is tried there, and asks what disks there are.
    mount --bind /proc "$root/proc"
    trap 'umount -l "$root/proc"' EXIT
    inside bash -euc '
        cd /build
        rm -rf /opt/venv
        python3.11 -m venv --without-pip /opt/venv
        PYTHONPATH=$(ls /wheels/pip-*.whl) /opt/venv/bin/python -m pip install --quiet \
            --no-index --find-links /wheels --require-hashes -r packaging/requirements.txt
        PYTHONPATH=src QT_QPA_PLATFORM=offscreen /opt/venv/bin/python packaging/build.py "$@"' \
        build "$@"
    rm -rf build/package
    mkdir -p build
    cp -r "$place/build/package" build/package
}

[ -e "$root/opt/base/lib/libsqlite3.so" ] || { make_debian; make_sqlite; }
[ -x "$root/opt/base/bin/python3.11" ] || make_python
fetch_wheels
build "$@"
