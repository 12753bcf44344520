import { phoneCode } from './lib/facts.mjs'
import { CLIENT_CORE, pinning, SERVER_CORE, startProcess } from './lib/processes.mjs'
import { table } from './lib/report.mjs'
import { count, median } from './lib/statistics.mjs'

export const title = 'Simulator: token-checked phone number exchanges'
export const needs = { builds: ['simulator'], nodeClients: false }

const full = { rounds: 7, calls: 15_000 }
const quick = { rounds: 1, calls: 200 }
const IN_FLIGHT = 64
const ECHO = 'node:http, echoes JSON'
const SIMULATOR = '@haoma/simulator'

/** The two servers take turns on one core, called by one client on the other. */
export async function run({ isQuick }) {
  const { rounds, calls } = isQuick ? quick : full
  const servers = {
    [ECHO]: await startProcess('processes/echo.mjs', { core: SERVER_CORE }),
    [SIMULATOR]: await startProcess('processes/simulator.mjs', { core: SERVER_CORE }),
  }
  const poster = await startProcess('processes/poster.mjs', { core: CLIENT_CORE })
  try {
    const url = await servers[SIMULATOR].ask('url')
    const token = await poster.ask('fetchToken', url)
    const results = []
    // The first round warms up and is thrown away.
    for (let round = 0; round <= rounds; round += 1) {
      const echoed = Array.from({ length: calls }, (_, number) => phoneCode(number))
      const codes = { [ECHO]: echoed, [SIMULATOR]: await servers[SIMULATOR].ask('consent', calls) }
      const result = {}
      for (const [name, server] of Object.entries(servers)) {
        const before = await server.ask('cpu')
        const input = { url: await server.ask('url'), token, codes: codes[name], inFlight: IN_FLIGHT }
        const { perSecond } = await poster.ask('exchange', input)
        const after = await server.ask('cpu')
        const cpuUs = after.user + after.system - before.user - before.system
        result[name] = { perSecond, cpuUsPerCall: cpuUs / calls }
      }
      if (round > 0) results.push(result)
    }
    return { markdown: report(results) }
  } finally {
    await Promise.all([poster, ...Object.values(servers)].map((one) => one.stop()))
  }
}

function report(results) {
  const at = (read) => median(results.map(read))
  const rows = [ECHO, SIMULATOR].map((name) => [
    name,
    count(at((result) => result[name].perSecond)),
    at((result) => result[name].perSecond / result[ECHO].perSecond).toFixed(2),
    count(at((result) => result[name].cpuUsPerCall)),
  ])
  const intro = `Every call carries a code of its own, checked and spent by the simulator, ${IN_FLIGHT} in flight (${pinning.replace('clients', 'client').replace('server', 'servers')}); medians of ${results.length} interleaved rounds.`
  return [intro, table(['server', 'calls/s', '× echo', 'server CPU µs a call'], rows)].join('\n\n')
}
