import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { embeddedPostgres } from '../../scripts/services/embedded-postgres.mjs'
import { runCommand, timeStart } from './lib/command.mjs'
import { startDelayingProxy } from './lib/delaying-proxy.mjs'
import { APP_SECRET, APPID } from './lib/facts.mjs'
import { CLIENT_CORE, pinning, SERVER_CORE, startProcess } from './lib/processes.mjs'
import { table } from './lib/report.mjs'
import { count, median, percentile } from './lib/statistics.mjs'

export const title = 'Login service: beside a service by hand'
export const needs = { builds: ['server', 'cli'], nodeClients: false }

const full = { rounds: 9, size: 400, warmUp: 400, farSize: 200, starts: 7 }
const quick = { rounds: 1, size: 12, warmUp: 4, farSize: 4, starts: 1 }
const IN_FLIGHT = 16
/** Each way, so that a round trip takes a millisecond longer. */
const FAR_MS = 0.5

const KINDS = {
  full: 'full: both codes, a new member',
  repeat: 'repeat: both codes, the same member',
  silent: 'silent: the login code alone',
  refresh: 'refresh of the session',
}
const CONTENDERS = { floor: 'processes/login-floor.mjs', service: 'processes/login-service.mjs' }
const masterKey = Buffer.alloc(32, 7).toString('base64')

/**
 * The service and the least code that does the same take turns in every round; a ratio is the median of the ratios
 * within the rounds.
 *
 * @param {{ isQuick?: boolean, only?: string }} options - `only`: one of sqlite, postgres, far, start.
 * @returns {Promise<{ markdown: string, results: any }>}
 */
export async function run({ isQuick, only }) {
  const wants = (part) => only === undefined || only === part
  const scale = isQuick ? quick : full
  const folder = mkdtempSync(join(tmpdir(), 'haoma-bench-'))
  const wechat = await startProcess('processes/wechat-of-people.mjs', { core: CLIENT_CORE })
  const people = await startProcess('processes/people.mjs', { core: CLIENT_CORE })
  const bench = { people, wechatUrl: await wechat.ask('url'), ...scale }
  const postgres = wants('postgres') || wants('far') ? await openPostgres() : undefined
  try {
    const results = {
      sqlite: wants('sqlite') && (await compare(bench, () => sqliteFile(folder))),
      postgres: wants('postgres') && (await compare(bench, () => postgresDatabase(postgres.url))),
      far: wants('far') && (await farAway(bench, postgres.url)),
      starts: wants('start') && (await starts(scale, folder)),
    }
    return { markdown: report(results, scale), results }
  } finally {
    await Promise.all([wechat.stop(), people.stop()])
    await postgres?.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function openPostgres() {
  const server = await embeddedPostgres(15, { isDurable: true })
  if (server.missing !== undefined) throw new Error(server.missing)
  return server
}

/** Both have a database of their own, made by the service's migrations. */
async function sqliteFile(folder) {
  const path = join(folder, `${randomUUID()}.db`)
  await migrated(`sqlite:${path}`)
  return { path }
}

async function postgresDatabase(serverUrl) {
  const name = `haoma_bench_${randomUUID().replaceAll('-', '')}`
  await query(serverUrl, `create database ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  await migrated(url.href)
  return { url: url.href }
}

const migrated = (databaseUrl) =>
  runCommand(['migrate'], { HAOMA_DATABASE_URL: databaseUrl, HAOMA_MASTER_KEY: masterKey })

async function query(url, ...statements) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const sql of statements) await client.query(sql)
  } finally {
    await client.end()
  }
}

async function startContender(name, { wechatUrl }, database) {
  const process = await startProcess(CONTENDERS[name], { core: SERVER_CORE })
  return { process, url: await process.ask('start', { wechatUrl, database }) }
}

async function compare(bench, newDatabase) {
  const { people, rounds, size, warmUp } = bench
  const contenders = {}
  try {
    for (const name of Object.keys(CONTENDERS)) {
      contenders[name] = await startContender(name, bench, await newDatabase())
    }
    const come = async (name, kind, from, size) => {
      const { process, url } = contenders[name]
      const before = await process.ask('cpu')
      const { times, allMs } = await people.ask('come', { url, kind, from, count: size, inFlight: IN_FLIGHT })
      const after = await process.ask('cpu')
      const cpuUs = (after.user + after.system - before.user - before.system) / size
      return { perSecond: (1000 * size) / allMs, cpuUs, times }
    }
    for (const name of Object.keys(CONTENDERS)) {
      for (const kind of Object.keys(KINDS)) await come(name, kind, 0, warmUp)
    }
    const results = []
    for (let round = 0; round < rounds; round += 1) {
      const from = warmUp + round * size
      const result = {}
      for (const kind of Object.keys(KINDS)) {
        // Who comes second finds the machine as the first left it; so they take turns at that too.
        const order = Object.keys(CONTENDERS)
        if (round % 2) order.reverse()
        result[kind] = {}
        for (const name of order) result[kind][name] = await come(name, kind, from, size)
      }
      results.push(result)
    }
    return results
  } finally {
    await Promise.all(Object.values(contenders).map(({ process }) => process.stop()))
  }
}

/** One person at a time, with the database a round trip of a millisecond away. */
async function farAway(bench, serverUrl) {
  const proxy = await startDelayingProxy({ port: Number(new URL(serverUrl).port), delayMs: FAR_MS })
  try {
    const times = {}
    for (const name of Object.keys(CONTENDERS)) {
      const { url } = await postgresDatabase(serverUrl)
      const far = new URL(url)
      far.port = String(proxy.port)
      const { process, url: service } = await startContender(name, bench, { url: far.href })
      const come = (kind, from, size) =>
        bench.people.ask('come', { url: service, kind, from, count: size, inFlight: 1 })
      await come('full', 0, bench.warmUp)
      times[name] = {}
      for (const kind of Object.keys(KINDS)) {
        times[name][kind] = (await come(kind, bench.warmUp, bench.farSize)).times
      }
      await process.stop()
    }
    return { times, roundTripMs: await roundTrip(serverUrl, proxy.port) }
  } finally {
    await proxy.close()
  }
}

async function roundTrip(serverUrl, port) {
  const url = new URL(serverUrl)
  url.port = String(port)
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  const times = []
  for (let i = 0; i < 100; i += 1) {
    const startedAtMs = performance.now()
    await client.query('select 1')
    times.push(performance.now() - startedAtMs)
  }
  await client.end()
  return median(times)
}

async function starts({ starts: times }, folder) {
  const results = []
  for (let i = 0; i < times; i += 1) {
    const databaseUrl = `sqlite:${join(folder, `start-${i}.db`)}`
    const env = {
      HAOMA_DATABASE_URL: databaseUrl,
      HAOMA_MASTER_KEY: masterKey,
      HAOMA_APPS: `${APPID}:${APP_SECRET}`,
      HAOMA_WECHAT_HOSTS: 'http://127.0.0.1:9',
    }
    const first = await timeStart(env)
    const again = await timeStart(env)
    results.push({ first, again })
  }
  return results
}

function report({ sqlite, postgres, far, starts }, { size, rounds, farSize }) {
  const head = ['', 'calls/s', '× floor', 'p50 ms', 'p99 ms', 'p99 × floor', 'CPU µs a call', '× floor']
  const compared = (results) =>
    table(
      head,
      Object.entries(KINDS).flatMap(([kind, text]) => {
        const at = (name, read) => median(results.map((result) => read(result[kind][name])))
        const ratio = (read) =>
          median(results.map(({ [kind]: one }) => read(one.service) / read(one.floor))).toFixed(2)
        const p99 = ({ times }) => percentile(times, 0.99)
        const cells = (name) => ({
          perSecond: count(at(name, ({ perSecond }) => perSecond)),
          p50: at(name, ({ times }) => percentile(times, 0.5)).toFixed(1),
          p99: at(name, p99).toFixed(1),
          cpu: count(at(name, ({ cpuUs }) => cpuUs)),
        })
        const [ours, floor] = [cells('service'), cells('floor')]
        return [
          [
            text,
            ours.perSecond,
            ratio(({ perSecond }) => perSecond),
            ours.p50,
            ours.p99,
            ratio(p99),
            ours.cpu,
            ratio(({ cpuUs }) => cpuUs),
          ],
          ['… by hand', floor.perSecond, '1.00', floor.p50, floor.p99, '1.00', floor.cpu, '1.00'],
        ]
      }),
    )
  const parts = [
    `The floor is a program by hand: node:http, the same calls to WeChat, and the least SQL that stores the same facts in the same tables, as durably; it signs and seals as the service does, and has no limits, retries, replays, leases or checks of requests. ${IN_FLIGHT} in flight, ${size} people a round, ${rounds} interleaved rounds; numbers are medians over the rounds, ratios are medians of the ratios within the rounds (${pinning}). WeChat is a stand-in that answers at once.`,
  ]
  if (sqlite) parts.push('**SQLite**, a file, every commit on the disk.', compared(sqlite))
  if (postgres) {
    const where = '**PostgreSQL 15** on the same machine, every commit on the disk, 10 connections.'
    parts.push(where, compared(postgres))
  }
  if (far) {
    const rows = Object.entries(KINDS).map(([kind, text]) => {
      const { service, floor } = far.times
      const cell = (times) =>
        `${median(times[kind]).toFixed(1)} (${percentile(times[kind], 0.99).toFixed(1)})`
      return [text, cell(service), cell(floor)]
    })
    parts.push(
      `**PostgreSQL further away**, behind a proxy that keeps every byte for ${FAR_MS} ms each way: a \`select 1\` takes ${far.roundTripMs.toFixed(2)} ms. One at a time, ${farSize} of each; all that the client waits for, WeChat’s stand-in included.`,
      table(['median ms (p99)', 'service', 'by hand'], rows),
    )
  }
  if (!starts) return parts.join('\n\n')
  const ms = (which) => count(median(starts.map((one) => one[which].startMs)))
  const sizes = starts
    .flatMap(({ first, again }) => [first.residentBytes, again.residentBytes])
    .filter(Boolean)
  const resident = sizes.length > 0 ? `; resident once it answers: ${count(median(sizes) / 2 ** 20)} MB` : ''
  parts.push(
    `**Start** of \`haoma start\` on SQLite, from the command to the first answer: ${ms('first')} ms with an empty database, ${ms('again')} ms with one that is there${resident}; medians of ${starts.length}.`,
  )
  return parts.join('\n\n')
}
