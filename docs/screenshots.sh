#!/usr/bin/env bash
# Takes the pictures of the documentation from a running `runledger up --demo`:
# runs each command, draws its output as a terminal, and the API page as it is.
# Needs chromium. Usage: docs/screenshots.sh [http://127.0.0.1:8080]
set -euo pipefail
cd "$(dirname "$0")"
export RUNLEDGER_API=${1:-http://127.0.0.1:8080} COLUMNS=100
PATH=$(cd .. && pwd)/bin:$PATH

shoot() { # URL FILE WIDTH HEIGHT
  local profile; profile=$(mktemp -d)
  chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --hide-scrollbars --force-device-scale-factor=1.5 \
    --user-data-dir="$profile" --window-size="$3,$4" --screenshot="img/$2.png" "$1" >/dev/null 2>&1
  rm -rf "$profile"
}

terminal() { # NAME COMMAND…
  local name=$1 html out; shift
  html=$(mktemp --suffix .html)
  out=$("$@" 2>&1 | LC_ALL=C.UTF-8 sed -E "s/^(.{120}).*/\1/")
  {
    printf '<meta charset="utf-8"><style>body{margin:0;background:#16181d;color:#d7dae0;font:14px/1.35 "DejaVu Sans Mono",monospace}pre{margin:16px 20px}b{color:#7fd17f}</style><pre>'
    printf '<b>$</b> %s\n' "${*/#*bin\//}"
    printf '%s\n' "$out" | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'
    printf '</pre>'
  } >"$html"
  shoot "file://$html" "$name" 1040 $(( ($(wc -l <<<"$out") + 1) * 19 + 40 ))
  rm -f "$html"
}

terminal failures runledger query failures --tenant acme --from -30d
terminal mttd runledger query mttd --tenant acme
terminal run runledger run show run-offboarding-zendesk --tenant acme
shoot "$RUNLEDGER_API/docs" api 1100 900
