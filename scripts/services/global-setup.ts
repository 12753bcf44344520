import { chromium } from './chromium.mjs'
import { findPgBouncer } from './pgbouncer.mjs'
import { postgres } from './postgres.mjs'
import { redis } from './redis.mjs'

/**
 * Gives the tests a real Redis, PostgreSQL and Chromium by `REDIS_URL`, `DATABASE_URL` and `CHROMIUM_PATH`.
 * What cannot be had is named; the suites that need it are skipped, or fail where `CI` is set.
 */
export async function setup(): Promise<() => Promise<void>> {
  const [redisServer, database, browser] = await Promise.all([redis(), postgres(), chromium()])
  const found: Record<string, { value?: string | undefined; missing?: string | undefined }> = {
    REDIS_URL: { value: redisServer.url, missing: redisServer.missing },
    DATABASE_URL: { value: database.url, missing: database.missing },
    CHROMIUM_PATH: { value: browser.path, missing: browser.missing },
  }
  for (const [name, { value, missing }] of Object.entries(found)) {
    if (value) process.env[name] = value
    else if (process.env.CI) throw new Error(`CI needs every part: ${missing}`)
    else process.stderr.write(`\n⚠ ${name}: ${missing}. Suites that need it are SKIPPED.\n\n`)
  }
  const { missing } = findPgBouncer()
  if (missing) process.stderr.write(`\n⚠ ${missing}. Its suites are SKIPPED.\n\n`)
  return async () => {
    await Promise.all([redisServer.stop?.(), database.stop?.()])
  }
}
