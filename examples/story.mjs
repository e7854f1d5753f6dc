// Five minutes with the API, in JavaScript with Node.js 20. See examples/README.md.

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

const { JMPY_BASE_URL, JMPY_API_KEY, JMPY_SESSION_TOKEN, JMPY_REQUESTS = "20" } = process.env;
const MAX_WAIT = 60; // seconds

/** Retries after 429 and 503, as `Retry-After` says; throws on any other error. */
async function call(method, path, { token = JMPY_API_KEY, json, headers = {} } = {}) {
  let response;
  for (let attempt = 0; attempt < 5; attempt++) {
    response = await fetch(JMPY_BASE_URL + path, {
      method,
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...headers },
      body: json && JSON.stringify(json),
    }).catch((error) => {
      throw new Error(`${method} ${path} got no response: ${error.cause?.message ?? error.message}`);
    });
    if (response.ok) return { ...(await response.json()), headers: response.headers };
    const wait = Number(response.headers.get("Retry-After") ?? 1);
    if (![429, 503].includes(response.status) || wait > MAX_WAIT) break;
    console.error(`Waiting ${wait} s`);
    await sleep(wait * 1000);
  }
  throw new Error(`${method} ${path} returned ${response.status}: ${await message(response)}`);
}

/** The error's message; otherwise, as from a proxy, the beginning of the body. */
async function message(response) {
  const text = await response.text();
  try {
    return JSON.parse(text).error.message;
  } catch {
    return text.slice(0, 200);
  }
}

async function story() {
  // 1. Create a link. With the Idempotency-Key it is one, however often the request is sent.
  const { data: link } = await call("POST", "/api/v1/short-urls", {
    json: { url: "https://example.com/", name: "Five minutes" },
    headers: { "Idempotency-Key": randomUUID() },
  });
  console.log(`Created ${link.short_url}`);

  // 2. Follow it, without a key.
  const followed = await fetch(`${JMPY_BASE_URL}/${link.short_code}`, { redirect: "manual" });
  console.log(`It leads to ${followed.headers.get("Location")}`);

  // 3. Read its analytics. Clicks are counted some seconds after they happen.
  let clicks = 0;
  for (let attempt = 0; attempt < 12 && !clicks; attempt++) {
    if (attempt) await sleep(5000);
    clicks = (await call("GET", `/api/v1/analytics/overview/${link.id}`)).data.total_clicks;
  }
  console.log(`Clicks: ${clicks}`);

  // 4. Send many requests; `call` waits when a limit is exceeded.
  let response;
  for (let i = 0; i < Number(JMPY_REQUESTS); i++) response = await call("GET", "/api/v1/short-urls?limit=1");
  console.log(`Requests left today: ${response.headers.get("X-RateLimit-Remaining")}`);

  // 5. Replace the key.
  const { id } = (await call("GET", "/api/v1/api-keys/current")).data;
  if (!JMPY_SESSION_TOKEN) {
    console.log(`Replace the key at ${JMPY_BASE_URL}/dashboard/api-keys/${id}`);
    return;
  }
  const rotated = await call("POST", `/api/v1/api-keys/${id}/rotate`, {
    token: JMPY_SESSION_TOKEN,
    json: { grace_period: 3600 },
  });
  await call("GET", "/api/v1/api-keys/current", { token: rotated.data.key });
  console.log("Replaced the key; the old one works for another hour");
}

story().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
