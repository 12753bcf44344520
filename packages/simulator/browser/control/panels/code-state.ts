import { CODE_TTL_MS, type CodeView } from '../state.ts'

/** The state of a code at this moment, so that it dies on the screen when its time is up. */
export const stateOfCode = ({ usedAtMs, bornAtMs }: CodeView, nowMs: number): 'live' | 'used' | 'expired' => {
  if (usedAtMs !== undefined) return 'used'
  return nowMs - bornAtMs > CODE_TTL_MS ? 'expired' : 'live'
}
