// Create a link and list links, with types that openapi-typescript generated. See examples/README.md.

import createClient from "openapi-fetch";
import type { paths } from "./jmpy.js";

const jmpy = createClient<paths>({
  baseUrl: process.env.JMPY_BASE_URL,
  headers: { Authorization: `Bearer ${process.env.JMPY_API_KEY}` },
});

async function main(): Promise<void> {
  const created = await jmpy.POST("/api/v1/short-urls", {
    body: { url: "https://example.com/", name: "First" },
  });
  if (created.error) throw new Error(created.error.error.message);
  console.log(`Created ${created.data.data.short_url}`);

  const page = await jmpy.GET("/api/v1/short-urls", { params: { query: { limit: 5 } } });
  if (page.error) throw new Error(page.error.error.message);
  for (const link of page.data.data.shortUrls) {
    console.log(`${link.short_code}: ${link.original_url}, ${link.clicks} clicks`);
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
