#!/bin/sh
# Makes .venv ready: `sh scripts/environment.sh [EXTRA]`, EXTRA being `dev` or nothing.
#
# Finds a Python, creates the environment, installs mmlearn in place with the tested
# versions. What was installed is noted last, in .venv/.mmlearn-*: interrupted anywhere,
# the next call starts that step again; with nothing to do it takes milliseconds.
set -eu
cd "$(dirname "$0")/.."
extra="${1:-}"
py=.venv/bin/python
stamp=".venv/.mmlearn-${extra:-lab}"
busy=.venv/.mmlearn-installing

suitable() { # a Python we can use, with what venv needs
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
        2>/dev/null
}

find_python() {
    without_venv=
    for name in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 python; do
        if suitable "$name"; then
            if "$name" -c 'import venv, ensurepip' 2>/dev/null; then
                found="$name"
                return
            fi
            without_venv="${without_venv:-$name}"
        elif [ "$name" = "${PYTHON:-}" ]; then
            echo "PYTHON=$name is no Python 3.11, 3.12 or 3.13; looking for another." >&2
        fi
    done
    if [ -n "$without_venv" ]; then
        version=$("$without_venv" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "$without_venv (Python $version) cannot create environments: its venv module" >&2
        echo "is not complete. On Debian and Ubuntu it is a package of its own; install it:" >&2
        echo "    sudo apt install python3-venv     (or python$version-venv)" >&2
    else
        echo "mmlearn needs Python 3.11, 3.12 or 3.13, and found none. Install one:" >&2
        echo "    Debian, Ubuntu   sudo apt install python3 python3-venv" >&2
        echo "    macOS            brew install python@3.13" >&2
        echo "    conda            conda env create -f environment.yml" >&2
        echo "or say where it is:  make lab PYTHON=/where/it/is/python3" >&2
    fi
    exit 1
}

create() {
    find_python
    echo "Creating the environment .venv with $("$found" --version)."
    "$found" -m venv --clear .venv
}

say_progress() { # one line for each thing that takes a while
    found_so_far=0
    while IFS= read -r line; do
        case "$line" in
            Collecting\ * | Processing\ *)
                found_so_far=$((found_so_far + 1))
                [ $((found_so_far % 25)) != 0 ] || echo "  $found_so_far packages found"
                ;;
            *Downloading\ *[0-9][0-9].[0-9]\ MB\) | *Downloading\ *GB\))
                line="${line##*Downloading }"
                echo "  downloading ${line##*/}"
                ;;
            Installing\ collected*) echo "  unpacking $found_so_far packages" ;;
            ERROR* | *error:*) echo "  $line" ;;
        esac
    done
}

install() {
    echo "Installing mmlearn${extra:+ with what its tests need}: a few minutes the first"
    echo "time, about 1 GB to download and 3 GB on disk. Details: .venv/install.log"
    rm -f .venv/.mmlearn-lab .venv/.mmlearn-dev
    : >"$busy"
    if ! { "$py" -m pip install --disable-pip-version-check --progress-bar off \
        -c constraints.txt -e ".${extra:+[$extra]}" 2>&1 && rm "$busy"; } |
        tee .venv/install.log | say_progress || [ -e "$busy" ]; then
        echo "The installation failed. Its last lines (all: .venv/install.log):" >&2
        tail -n 5 .venv/install.log >&2
        echo "Mend the cause (network? disk full?) and type the same command again." >&2
        exit 1
    fi
}

# Interrupted while unpacking: pip could take a half-written package for a whole one.
if [ -e "$busy" ]; then
    echo "The last installation did not finish; starting it again (downloads are kept)."
    create
elif ! { [ -x "$py" ] && suitable "$py" && "$py" -m pip --version >/dev/null 2>&1; }; then
    create
fi
wanted="$(pwd) $(cat pyproject.toml constraints.txt | cksum)"
if [ "$(cat "$stamp" 2>/dev/null || :)" != "$wanted" ]; then
    install
    echo "$wanted" >.venv/.mmlearn-lab
    echo "$wanted" >"$stamp"
fi
