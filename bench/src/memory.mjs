import { contenders, LIMIT, OURS } from './contenders/index.mjs'
import { CLIENT_CORE, SERVER_CORE, startProcess } from './lib/processes.mjs'
import { table } from './lib/report.mjs'
import { count } from './lib/statistics.mjs'

export const title = 'SDK: memory over a million codes'
export const needs = { builds: ['wechat'], nodeClients: true }

const MARKS = [10_000, 250_000, 500_000, 1_000_000]
const IN_FLIGHT = 64
// Clients on axios would need ten minutes each.
const MEASURED = [LIMIT, OURS, 'co-wechat-api 3.11.0']
const megabytes = (bytes) => `${count(bytes / 2 ** 20, 1)} MB`

/** Each call carries a code of its own, so that anything kept per code shows. */
export async function run({ isQuick, only }) {
  const marks = MARKS.map((mark) => (isQuick ? mark / 500 : mark))
  const server = await startProcess('processes/constant.mjs', { core: SERVER_CORE })
  const rows = []
  try {
    const baseUrl = await server.ask('url')
    const names = Object.keys(contenders).filter((name) => MEASURED.includes(name))
    for (const name of names.filter((one) => !only || one.includes(only))) {
      const caller = await startProcess('processes/caller.mjs', {
        core: CLIENT_CORE,
        nodeArgs: ['--expose-gc'],
      })
      try {
        await caller.ask('create', { name, baseUrl })
        await caller.ask('check')
        const samples = await caller.ask('memory', { inFlight: IN_FLIGHT, marks })
        const last = samples.at(-1)
        const growth = (last.heapUsed - samples[0].heapUsed) / (last.calls - samples[0].calls)
        const heap = samples.map((one) => megabytes(one.heapUsed))
        rows.push([name, ...heap, count(growth, 1), megabytes(last.rss)])
      } finally {
        await caller.stop()
      }
    }
  } finally {
    await server.stop()
  }
  const intro = `Heap in use after a full collection, at some numbers of calls, each with a code of its own, ${IN_FLIGHT} in flight; and the resident size at the end.`
  const headers = ['client', ...marks.map((mark) => `${count(mark)} calls`), 'bytes kept a call', 'resident']
  return { markdown: [intro, table(headers, rows)].join('\n\n') }
}
