# Sourced by the other scripts: makes .venv with the project in it. PARTS is "" or "[dev]".
# A fresh Debian or Ubuntu has python3 but not always venv's pip: it is asked of apt when it is missing.
cd "$(dirname "${BASH_SOURCE[0]}")/.."

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else return 1; fi
}

apt_install() {
  command -v apt-get >/dev/null || return 1
  as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

python_ok() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
  for name in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
    [ -n "$name" ] && python_ok "$name" && { echo "$name"; return; }
  done
  apt_install python3 python3-venv >&2 && python_ok python3 && { echo python3; return; }
  echo "citizen demande Python 3.11 ou plus récent." >&2
  return 1
}

set_up() {
  local python stamp wanted
  python=$(find_python)
  if ! [ -x .venv/bin/pip ]; then
    "$python" -m venv .venv 2>/dev/null || { rm -rf .venv; apt_install python3-venv && "$python" -m venv .venv; } ||
      { echo "Il manque le paquet python3-venv : « apt install python3-venv »." >&2; return 1; }
  fi
  wanted="$(cat pyproject.toml)$1$PWD"
  stamp=.venv/installed$1
  if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    echo "Installation des paquets…"
    .venv/bin/pip install --quiet --disable-pip-version-check --retries 5 --timeout 60 -e ".$1"
    printf %s "$wanted" >"$stamp"
  fi
}
