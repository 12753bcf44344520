import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { type CodeEvent, eventTexts, type LivingState, stateAfter, transitions } from './transitions.ts'

const path = fileURLToPath(new URL('../../../../docs/exchange-states.md', import.meta.url))

it('is what docs/exchange-states.md says', () => {
  const page = makePage()
  if (process.env.UPDATE_DOCS) writeFileSync(path, page)
  expect(readFileSync(path, 'utf8'), 'make it anew with UPDATE_DOCS=1').toBe(page)
})

it.each(Object.keys(transitions) as LivingState[])(
  'books no refusal by WeChat as lost out of %s but one',
  (state) => {
    expect(stateAfter(state, 'barred')).toBe('refused')
    expect(stateAfter(state, 'declined')).toBe('refused')
    expect(stateAfter(state, 'denied')).toBe(state === 'open' ? 'refused' : 'lost')
  },
)

it('keeps unknown what was unknown, until it ends', () => {
  for (const event of ['untouched', 'unanswered', 'holder-gone'] as const) {
    expect(stateAfter('unknown', event)).toBe('unknown')
  }
})

function makePage(): string {
  const events = Object.keys(eventTexts) as CodeEvent[]
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    '# 一次性 code 的状态 · States of a single-use code',
    '',
    '本页由 `packages/server/src/exchange/transitions.ts` 生成。`open`：就目前所知尚未消费；`unknown`：已询问微信，但无人知道是否已消费；其余为终态：`used`、`refused`（含原因）、`expired`（从未消费）、`lost`（已消费，结果丢失）。',
    '',
    'Made from `packages/server/src/exchange/transitions.ts`. `open`: not spent as far as anyone knows. `unknown`: WeChat was asked and nobody knows whether it spent it. The others are final: `used`, `refused` (with its reason), `expired` (never spent), `lost` (spent, result gone).',
    '',
    row(['event', '发生了什么 · what happened', 'from `open`', 'from `unknown`']),
    row(['---', '---', '---', '---']),
    ...events.map((event) =>
      row([
        `\`${event}\``,
        `${eventTexts[event].zh} · ${eventTexts[event].en}`,
        `\`${stateAfter('open', event)}\``,
        `\`${stateAfter('unknown', event)}\``,
      ]),
    ),
    '',
  ].join('\n')
}
