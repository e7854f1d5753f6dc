#!/usr/bin/env bash
# Five minutes with the API, with curl alone. See examples/README.md.
set -euo pipefail
: "${JMPY_BASE_URL:?set it to the address of the API}" "${JMPY_API_KEY:?set it to your API key}"
MAX_WAIT=60 # seconds

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# call METHOD PATH [JSON]: prints the response; retries after 429 and 503, as Retry-After says.
# The key is passed through a pipe: arguments are visible to every user of the machine.
call() {
  local status wait
  for _ in 1 2 3 4 5; do
    status=$(curl -sS -X "$1" "$JMPY_BASE_URL$2" -o "$work/body" -D "$work/head" \
      -w '%{http_code}' ${3:+--json "$3"} -H "Idempotency-Key: ${IDEMPOTENCY_KEY:-}" \
      --config <(printf 'header = "Authorization: Bearer %s"\n' "${TOKEN:-$JMPY_API_KEY}")) ||
      { echo "$1 $2 got no response" >&2; return 1; }
    case $status in
      2*) cat "$work/body"; return ;;
      429 | 503) ;;
      *) break ;;
    esac
    wait=$(header retry-after)
    [ "${wait:-1}" -le "$MAX_WAIT" ] || break
    echo "Waiting ${wait:-1} s" >&2
    sleep "${wait:-1}"
  done
  echo "$1 $2 returned $status: $(message <"$work/body")" >&2
  return 1
}

# field NAME: the first field with that name in the JSON on standard input. In strings, escaped
# quotation marks and backslashes are decoded.
field() {
  tr '\n' ' ' | grep -oE "\"$1\" *: *(\"([^\"\\\\]|\\\\.)*\"|[^],} ]+)" |
    sed -nE "1!d; s/^\"$1\" *: *//; s/^\"(.*)\"\$/\\1/; s/\\\\([\"\\\\/])/\\1/g; p"
}

# message: the error's message; otherwise, as from a proxy, the beginning of the body.
message() {
  local body text
  body=$(cat)
  text=$(field message <<<"$body") || true
  printf '%s\n' "${text:-${body:0:200}}"
}

# header NAME: the value of a header of the last response.
header() { tr -d '\r' <"$work/head" | awk -F': ' -v name="$1" 'tolower($1) == name { print $2 }'; }

# 1. Create a link.
link=$(IDEMPOTENCY_KEY=$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen) \
  call POST /api/v1/short-urls '{"url": "https://example.com/", "name": "Five minutes"}')
code=$(field short_code <<<"$link")
echo "Created $JMPY_BASE_URL/$code"

# 2. Follow it, without a key.
echo "It leads to $(curl -sS -o /dev/null -w '%{redirect_url}' "$JMPY_BASE_URL/$code")"

# 3. Read its analytics. Clicks are counted some seconds after they happen.
for _ in {1..12}; do
  clicks=$(call GET "/api/v1/analytics/overview/$code" | field total_clicks)
  [ "$clicks" = 0 ] || break
  sleep 5
done
echo "Clicks: $clicks"

# 4. Send many requests; `call` waits when a limit is exceeded.
for ((i = 0; i < ${JMPY_REQUESTS:-20}; i++)); do
  call GET /api/v1/short-urls?limit=1 >/dev/null
done
echo "Requests left today: $(header x-ratelimit-remaining)"

# 5. Replace the key.
id=$(call GET /api/v1/api-keys/current | field id)
if [ -z "${JMPY_SESSION_TOKEN:-}" ]; then
  echo "Replace the key at $JMPY_BASE_URL/dashboard/api-keys/$id"
else
  rotated=$(TOKEN=$JMPY_SESSION_TOKEN call POST "/api/v1/api-keys/$id/rotate" '{"grace_period": 3600}')
  JMPY_API_KEY=$(field key <<<"$rotated")
  call GET /api/v1/api-keys/current >/dev/null
  echo "Replaced the key; the old one works for another hour"
fi
