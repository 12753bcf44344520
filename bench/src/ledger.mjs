import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { trafficCommand } from '../../scripts/lib/traffic.mjs'
import { embeddedPostgres } from '../../scripts/services/embedded-postgres.mjs'
import { table } from './lib/report.mjs'
import { count } from './lib/statistics.mjs'

export const title = 'Ledger and console: ninety days of traffic'
export const needs = { builds: ['protocol', 'wechat'], nodeClients: false }

const ENTRIES = { sqlite: 1_000_000, postgres: 10_000_000 }
const QUICK_ENTRIES = 2000
const NAMES = { sqlite: 'SQLite', postgres: 'PostgreSQL 15' }
/** Of a search by key; one that walks back in time for what is rare may take longer. */
const MOST_OF_A_SEARCH_MS = 50

/**
 * Fills a database with generated traffic, bad days included, and does in it what the console does.
 *
 * @param {{ isQuick?: boolean, only?: string }} options - `only`: sqlite or postgres.
 * @returns {Promise<{ markdown: string, results: any[] }>}
 */
export async function run({ isQuick, only }) {
  const folder = await mkdtemp(join(tmpdir(), 'haoma-bench-ledger-'))
  const command = await trafficCommand()
  const traffic = async (...args) => {
    const { stdout } = await promisify(execFile)(process.execPath, [...command, ...args], {
      cwd: folder,
      maxBuffer: 1e8,
    })
    return JSON.parse(stdout)
  }
  try {
    const results = []
    for (const [kind, full] of Object.entries(ENTRIES)) {
      if (only !== undefined && only !== kind) continue
      const server = kind === 'postgres' ? await embeddedPostgres(15) : undefined
      if (server?.missing !== undefined) throw new Error(server.missing)
      try {
        const database = server?.url ?? `sqlite:${join(folder, 'traffic.db')}`
        const of = ['--entries', String(isQuick ? QUICK_ENTRIES : full), '--database', database]
        const filled = await traffic(...of)
        results.push({ kind, filled, ...(await traffic(...of, '--measure', '--json')) })
      } finally {
        await server?.end()
      }
    }
    return { markdown: report(results), results }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function report(results) {
  const intro = results
    .map(({ kind, filled: { entries, logins, members } }) => {
      return `${NAMES[kind]}: ${count(entries)} ledger entries, ${count(logins)} logins, ${count(members)} members.`
    })
    .join(' ')
  const findings = results[0].findings.map(({ name, most, least }, at) => [
    name,
    ...results.map(({ findings: all }) => valueText(all[at])),
    most !== undefined ? `≤ ${most}` : least !== undefined ? `≥ ${count(least)}` : '',
  ])
  const names = [...new Set(results.flatMap(({ searches }) => searches.map(({ name }) => name)))]
  const searches = names.map((name) => [
    name,
    ...results.map(({ searches: all }) => {
      const found = all.find((one) => one.name === name)
      return found ? `${found.medianMs} (${found.longestMs})` : ''
    }),
  ])
  const columns = results.map(({ kind }) => NAMES[kind])
  return [
    `${intro} The first page shows 30 days; its slowest query is the median of five readings. A search by key should take at most ${MOST_OF_A_SEARCH_MS} ms; each kind is asked for up to 60 different values.`,
    table(['what', ...columns, 'target'], findings),
    table(['search, median (longest) in ms', ...columns], searches),
  ].join('\n\n')
}

const valueText = ({ value, unit }) =>
  `${value >= 1000 ? count(value) : value.toFixed(1)}${unit ? ` ${unit}` : ''}`
