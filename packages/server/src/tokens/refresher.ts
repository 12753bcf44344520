import { forEachRow, type Job } from '../jobs/job.ts'
import type { CentralTokens } from './central-tokens.ts'

/** Well inside WeChat's overlap of five minutes: a token that somebody replaced is noticed before the old one dies. */
const EVERY_MS = 60_000

/**
 * Keeps a living access token for every app, so that no login waits for one; the program that runs around the clock in
 * one place, whichever process that is.
 *
 * @param listAppids - the apps that are registered now
 */
export function createTokenRefresher(
  tokens: CentralTokens,
  listAppids: () => Promise<readonly string[]> | readonly string[],
): Job {
  return {
    name: 'access-tokens',
    everyMs: EVERY_MS,
    run: async ({ signal }) => {
      await forEachRow(await listAppids(), signal, (appid) => tokens.keepWarm(appid))
      return undefined
    },
  }
}
