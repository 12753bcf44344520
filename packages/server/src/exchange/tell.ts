import type { StepFacts } from '../journal/steps.ts'
import type { Trace } from '../journal/trace.ts'
import type { HaomaError } from '../kernel/errors.ts'
import type { CodeKind } from '../stores/exchange-store.ts'
import type { Free } from './open-codes.ts'
import type { Step } from './steps.ts'

/** What those who work on codes tell the trace of the request. */
export interface Teller {
  /** Waited for others who had a code. */
  waited(where: 'here' | 'elsewhere', sinceMs: number): void
  opened(codes: readonly Free[]): void
  asked(kind: CodeKind, sinceMs: number, error?: HaomaError): void
  replayed(kind: CodeKind): void
  decided(decided: { user: string; number: string } | undefined): void
  /** What is on its way into the database: told as stored, or as left to the background. */
  stores<T>(steps: () => readonly Step[], work: Promise<T>): Promise<T>
}

const opened: Record<Free['outcome'], 'written-down' | 'found-ended' | 'found-foreign'> = {
  taken: 'written-down',
  settled: 'found-ended',
  foreign: 'found-foreign',
}

export function createTeller(trace: Trace, now: () => number): Teller {
  const told = (step: Step): StepFacts => {
    const { kind } = step.code
    if (step.do === 'release') return { kind, state: step.state }
    return step.do === 'attach' ? { kind } : { kind, ...pick(step.settlement) }
  }
  return {
    waited: (where, sinceMs) => trace.note(`waited-${where}`, { ms: now() - sinceMs }),
    opened: (codes) => {
      for (const one of codes) {
        const { kind, state } = one.code
        const isTakenOver = one.outcome === 'taken' && one.wasHeld
        trace.note(isTakenOver ? 'took-over' : opened[one.outcome], { kind, state })
      }
    },
    asked: (kind, sinceMs, error) => {
      const outcome = error?.code ?? 'ok'
      trace.note('asked-wechat', { kind, ms: now() - sinceMs, outcome, ...error?.wechat })
    },
    replayed: (kind) => trace.note('replayed', { kind }),
    decided: (decided) => {
      if (decided) trace.note('decided', decided)
    },
    stores: async (steps, work) => {
      const sinceMs = now()
      try {
        const result = await work
        trace.note('stored', { ms: now() - sinceMs })
        for (const step of steps()) {
          if (step.do !== 'attach') trace.note(step.do === 'settle' ? 'code-ended' : 'code-kept', told(step))
        }
        return result
      } catch (error) {
        trace.note('not-stored', { ms: now() - sinceMs })
        throw error
      }
    },
  }
}

const pick = ({ state, reason }: { state: string; reason?: string | undefined }) => ({
  state,
  ...(reason !== undefined && { reason }),
})
