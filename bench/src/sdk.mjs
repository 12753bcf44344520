import { contenders, LIMIT, OURS } from './contenders/index.mjs'
import { CLIENT_CORE, pinning, SERVER_CORE, startProcess } from './lib/processes.mjs'
import { table } from './lib/report.mjs'
import { count, median, percent } from './lib/statistics.mjs'

export const title = 'SDK: getPhoneNumber over a warm token'
export const needs = { builds: ['wechat'], nodeClients: true }

const IN_FLIGHT = [1, 16, 64]
const full = { rounds: 9, durationMs: 1000, warmUpMs: 250 }
const quick = { rounds: 1, durationMs: 40, warmUpMs: 10 }

/**
 * All contenders take turns in every round, so that whatever else the machine does falls on each alike. A ratio is
 * the median of the ratios within the rounds.
 *
 * @param {{ isQuick?: boolean, only?: string }} options
 * @returns {Promise<{ markdown: string, results: any }>}
 */
export async function run({ isQuick, only }) {
  const { rounds, durationMs, warmUpMs } = isQuick ? quick : full
  const names = Object.keys(contenders).filter((name) => name === LIMIT || !only || name.includes(only))
  const server = await startProcess('processes/constant.mjs', { core: SERVER_CORE })
  const callers = new Map()
  try {
    const baseUrl = await server.ask('url')
    for (const name of names) {
      const caller = await startProcess('processes/caller.mjs', { core: CLIENT_CORE })
      callers.set(name, caller)
      await caller.ask('create', { name, baseUrl })
      await caller.ask('check')
      for (const inFlight of IN_FLIGHT) await caller.ask('round', { inFlight, durationMs: warmUpMs })
    }
    const results = []
    for (let number = 0; number < rounds; number += 1) {
      for (const inFlight of IN_FLIGHT) {
        const round = { inFlight, of: {} }
        for (const [name, caller] of callers) {
          // Connections that idled through the turns of the others are opened again outside the measurement.
          await caller.ask('round', { inFlight, durationMs: warmUpMs })
          round.of[name] = await caller.ask('round', { inFlight, durationMs })
        }
        results.push(round)
      }
    }
    return { markdown: report(names, results, rounds), results }
  } finally {
    await Promise.all([server, ...callers.values()].map((one) => one.stop()))
  }
}

function report(names, results, rounds) {
  const tables = IN_FLIGHT.map((inFlight) => {
    const of = results.filter((round) => round.inFlight === inFlight)
    const all = (name, read) => of.map((round) => read(round.of[name], round.of[LIMIT]))
    const rows = names.map((name) => [
      name,
      spread(
        all(name, (one) => one.cpuUsPerCall),
        1,
      ),
      median(all(name, (one, limit) => one.cpuUsPerCall / limit.cpuUsPerCall)).toFixed(2),
      spread(all(name, (one) => one.perSecond)),
      median(all(name, (one, limit) => one.perSecond / limit.perSecond)).toFixed(2),
      percent(median(all(name, (one) => one.gcShare))),
    ])
    const headers = [`${inFlight} in flight`, 'CPU µs a call', '× limit', 'calls/s', '× limit', 'time in GC']
    return table(headers, rows)
  })
  const method = `Each client in its own process, calling one server that answers with constants (${pinning}); medians of ${rounds} interleaved rounds, with the lowest and the highest. The limit is the same POST with the least handler on \`dispatch\` of an undici Pool, the token at hand. ${OURS} runs in its default configuration (two hosts). CPU a call is the steady figure; calls a second follow whatever else the machine does.`
  return [method, ...tables].join('\n\n')
}

/** The median, and between what it lies. */
function spread(values, decimals = 0) {
  const [middle, low, high] = [median(values), Math.min(...values), Math.max(...values)]
  return `${count(middle, decimals)} (${count(low, decimals)}–${count(high, decimals)})`
}
