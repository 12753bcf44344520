import type { LoginDetail } from '@haoma/protocol/admin'
import { type Step, type StepName, stepTexts } from './steps.ts'

type ShownStep = LoginDetail['steps'][number]

/** The timeline as people see it. Steps of a build that is newer than this one are shown by their names. */
export function showSteps(stored: string | null): ShownStep[] {
  const steps: Step[] = stored === null ? [] : JSON.parse(stored)
  return steps.map(({ step, atMs, ms, outcome, state, ...facts }) => ({
    atMs,
    durationMs: ms ?? null,
    name: step,
    result: outcome ?? state ?? 'ok',
    text: Object.hasOwn(stepTexts, step) ? stepTexts[step as StepName] : { zh: step, en: step },
    facts: Object.fromEntries(
      Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
  }))
}
