import { contenders, FLOOR } from './contenders/index.mjs'
import { CLIENT_CORE, pinning, SERVER_CORE, startProcess } from './lib/processes.mjs'
import { table } from './lib/report.mjs'
import { count, median, percent } from './lib/statistics.mjs'

export const title = 'SDK: getPhoneNumber over a warm token'
export const needs = { builds: ['wechat'], nodeClients: true }

const IN_FLIGHT = [1, 16, 64]
const full = { rounds: 7, durationMs: 1000, warmUpMs: 250 }
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
  const names = Object.keys(contenders).filter((name) => name === FLOOR || !only || name.includes(only))
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
  const at = (name, inFlight, read) =>
    median(results.filter((round) => round.inFlight === inFlight).map((round) => read(round.of[name], round)))

  const tables = IN_FLIGHT.map((inFlight) => {
    const rows = names.map((name) => [
      name,
      count(at(name, inFlight, (one) => one.perSecond)),
      at(name, inFlight, (one, round) => one.perSecond / round.of[FLOOR].perSecond).toFixed(2),
      count(at(name, inFlight, (one) => one.cpuUsPerCall)),
      percent(at(name, inFlight, (one) => one.gcShare)),
    ])
    const headers = [`${inFlight} in flight`, 'calls/s', '× floor', 'CPU µs a call', 'time in GC']
    return table(headers, rows)
  })
  const method = `Each client in its own process, calling one server that answers with constants (${pinning}); medians of ${rounds} interleaved rounds. The floor is the same POST on a bare undici Pool of 64 connections with the token at hand.`
  return [method, ...tables].join('\n\n')
}
