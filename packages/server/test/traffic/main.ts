import { parseArgs } from 'node:util'
import { keyRingOf, openDatabase } from '../../src/assembly/database.ts'
import { readDatabaseUrl } from '../../src/config/database-url.ts'
import { noTracing, type Tracing } from '../../src/kernel/tracing.ts'
import { ensureIndexKey } from '../../src/numbers/rekey.ts'
import { fill } from './fill.ts'
import { type Measured, measureSearches } from './measure.ts'
import { type Finding, measureLedger, type Statements } from './measure-ledger.ts'
import { openPostgresSink, openSqliteSink } from './sink.ts'

/** The apps of the simulator. */
const APPIDS = ['wx5f0a3c9e7b1d2468', 'wx6a1b4d8f0c2e3579', 'wx7b2c5e9a1d3f4680']

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '90' },
    entries: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '7' },
    database: { type: 'string', default: 'sqlite:.haoma/traffic.db' },
    'master-key-file': { type: 'string', default: '.haoma/master.key' },
    appids: { type: 'string', default: APPIDS.join(',') },
    /** When it ends, ISO 8601. */
    until: { type: 'string' },
    /** Searches in what is there, filled with the same options, instead of filling. */
    measure: { type: 'boolean' },
    json: { type: 'boolean' },
  },
})

const started = performance.now()
const databaseUrl = values.database
const clock = { now: () => Date.now() }
const statements: Statements = []
const told: Tracing = { ...noTracing, isOn: true, queried: (statement) => void statements.push(statement) }
const db = await openDatabase({ databaseUrl }, values.measure ? told : noTracing)
const keyRing = await keyRingOf({ masterKeyFile: values['master-key-file'] }, db)
await ensureIndexKey({ db, keyRing, clock })
const entries = Number(values.entries)
const traffic = {
  seed: Number(values.seed),
  days: Number(values.days),
  appids: values.appids.split(','),
  entries,
}
if (values.measure) {
  const searches = await measureSearches({ ...traffic, db, keyRing })
  const findings = await measureLedger({ db, statements, appids: traffic.appids })
  process.stdout.write(values.json ? JSON.stringify({ searches, findings }) : textOf(searches, findings))
  await db.close()
  process.exit(0)
}
const isEmpty = (await db.logins.search({ limit: 1 })).length === 0
await db.close()
if (!isEmpty) {
  process.stderr.write(
    `${databaseUrl} 里已有登录记录，请换一个空库 · holds logins already; name an empty one\n`,
  )
  process.exit(1)
}

if (entries > 0) {
  const address = readDatabaseUrl(databaseUrl)
  const sink = address.kind === 'sqlite' ? openSqliteSink(address.path) : await openPostgresSink(address.url)
  const filled = await fill({
    ...traffic,
    untilMs: values.until ? Date.parse(values.until) : clock.now(),
    keyRing,
    sink,
    onProgress: (done) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${done} / ${entries} `)
    },
  })
  await sink.close()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stdout.write(`${JSON.stringify({ ...filled, seconds: Number(seconds) })}\n`)
}

function textOf(searches: readonly Measured[], findings: readonly Finding[]): string {
  const lines = [
    ...searches.map(({ name, searches: count, medianMs, longestMs }) => {
      return `${name.padEnd(24)} ${count} × median ${medianMs} ms, longest ${longestMs} ms`
    }),
    ...findings.map(({ name, value, unit }) => `${name.padEnd(44)} ${value.toFixed(1)} ${unit}`),
  ]
  return `${lines.join('\n')}\n`
}
