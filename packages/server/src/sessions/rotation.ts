import type { ReuseKind, Session } from '../stores/session-store.ts'

/** What a genuine refresh token of a living session leads to. */
export type RotationVerdict =
  /** It is the current one: the session moves on. */
  | { verdict: 'rotate' }
  /** Its answer was lost, or two requests crossed: the current pair again. */
  | { verdict: 'repeat' }
  /** A copy is in other hands. */
  | { verdict: 'reused'; kind: ReuseKind }

/**
 * The four cases of a rotation. The token before the current one stays good until the current one, or an access token
 * given with it, was first used: until then nobody can tell a lost answer from a copy, and nobody was hurt. The grace is
 * only the longest time that this may last.
 *
 * @param generation - Of the token.
 */
export function judgeRefresh(
  generation: number,
  session: Pick<Session, 'generation' | 'rotatedAtMs' | 'successorUsedAtMs'>,
  { nowMs, graceS }: { nowMs: number; graceS: number },
): RotationVerdict {
  const age = session.generation - generation
  if (age === 0) return { verdict: 'rotate' }
  if (age < 0) return { verdict: 'reused', kind: 'orphaned-branch' }
  if (age > 1) return { verdict: 'reused', kind: 'stale-lineage' }
  const isInGrace = nowMs <= session.rotatedAtMs + graceS * 1000
  return session.successorUsedAtMs === null && isInGrace
    ? { verdict: 'repeat' }
    : { verdict: 'reused', kind: 'recent-prev' }
}
