import type { ForcePermit, ForceRule } from './types.ts'

/**
 * WeChat refreshes by force at most 20 times a day and not within 30 seconds of the last time. A rolling day is
 * the stricter reading of "a day".
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getstableaccesstoken.html
 */
export const forceRule: ForceRule = { max: 20, windowMs: 86_400_000, minIntervalMs: 30_000 }

/**
 * Decides on one more forced refresh, given when the earlier ones were.
 *
 * @param takenAtMs - times of earlier permits, ascending
 * @returns the permit, and the times to keep
 */
export function decidePermit(
  takenAtMs: readonly number[],
  rule: ForceRule,
  nowMs: number,
): { permit: ForcePermit; takenAtMs: number[] } {
  const kept = takenAtMs.filter((at) => at > nowMs - rule.windowMs)
  const last = kept.at(-1)
  const oldest = kept[0]
  const waits = [
    last === undefined ? 0 : last + rule.minIntervalMs - nowMs,
    oldest === undefined || kept.length < rule.max ? 0 : oldest + rule.windowMs - nowMs,
  ]
  const retryAfterMs = Math.max(...waits)
  if (retryAfterMs > 0) return { permit: { granted: false, retryAfterMs }, takenAtMs: kept }
  return { permit: { granted: true }, takenAtMs: [...kept, nowMs] }
}
