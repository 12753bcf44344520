import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { APPID } from './lib/facts.mjs'
import { CLIENT_CORE, pinning, SERVER_CORE, startProcess } from './lib/processes.mjs'
import { table } from './lib/report.mjs'
import { count, median } from './lib/statistics.mjs'

export const title = 'Token service: warm tokens, and the gateway'
export const needs = { builds: ['protocol', 'wechat'], nodeClients: false }

const full = { rounds: 9, durationMs: 1000, warmUpMs: 300 }
const quick = { rounds: 1, durationMs: 60, warmUpMs: 20 }
const IN_FLIGHT = 16
const GATEWAY_IN_FLIGHT = 1

const BARE = 'Hono, bare: reads JSON, answers JSON'
const ECHO = 'the same under the service’s middleware'
const SERVICE = 'POST /cgi-bin/stable_token'
const DIRECT = 'WeChat’s stand-in, asked directly'
const GATEWAY = 'through /wechat/{appid}'

/** Where the packages are that the bundle leaves outside. */
const folder = fileURLToPath(new URL('../../packages/server/node_modules/.cache', import.meta.url))

async function bundle() {
  mkdirSync(folder, { recursive: true })
  const outfile = join(folder, 'token-service.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('processes/token-service.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
  })
  return outfile
}

/**
 * All take turns in every round; a ratio is the median of the ratios within the rounds.
 *
 * @param {{ isQuick?: boolean }} options
 * @returns {Promise<{ markdown: string, results: any[] }>}
 */
export async function run({ isQuick }) {
  const { rounds, durationMs, warmUpMs } = isQuick ? quick : full
  const wechat = await startProcess('processes/constant.mjs', { core: CLIENT_CORE })
  const server = await startProcess(await bundle(), { core: SERVER_CORE })
  const repeater = await startProcess('processes/repeater.mjs', { core: CLIENT_CORE })
  try {
    const wechatUrl = await wechat.ask('url')
    const { bare, service } = await server.ask('start', wechatUrl)
    const calls = callsOf({ bare, service, wechatUrl })
    const repeat = async (name, ms) => {
      const before = await server.ask('cpu')
      const {
        perSecond,
        medianMs,
        calls: made,
      } = await repeater.ask('repeat', { ...calls[name], durationMs: ms })
      const after = await server.ask('cpu')
      return { perSecond, medianMs, cpuUs: (after.user + after.system - before.user - before.system) / made }
    }
    for (const name of Object.keys(calls)) await repeat(name, warmUpMs * 2)
    const results = []
    for (let round = 0; round < rounds; round += 1) {
      const result = {}
      for (const name of Object.keys(calls)) {
        await repeat(name, warmUpMs)
        result[name] = await repeat(name, durationMs)
      }
      results.push(result)
    }
    return { markdown: report(results), results }
  } finally {
    await Promise.all([wechat, server, repeater].map((one) => one.stop()))
  }
}

function callsOf({ bare, service: { url, clientId, clientSecret }, wechatUrl }) {
  const json = { 'content-type': 'application/json' }
  const token = {
    path: '/cgi-bin/stable_token',
    headers: json,
    body: JSON.stringify({ grant_type: 'client_credential', appid: APPID, secret: clientSecret }),
    inFlight: IN_FLIGHT,
    expected: '"expires_in":240',
  }
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
  const checked = { body: '{"content":"x"}', inFlight: GATEWAY_IN_FLIGHT, expected: '"errcode":0' }
  const path = '/wxa/msg_sec_check'
  return {
    [BARE]: { url: bare, ...token },
    [ECHO]: { url, ...token, path: '/cgi-bin/echo' },
    [SERVICE]: { url, ...token },
    [DIRECT]: { url: wechatUrl, path: `${path}?access_token=t`, headers: json, ...checked },
    [GATEWAY]: { url, path: `/wechat/${APPID}${path}`, headers: { ...json, authorization }, ...checked },
  }
}

function report(results) {
  const at = (read) => median(results.map(read))
  const ratio = (name, to) => at((result) => result[name].perSecond / result[to].perSecond).toFixed(2)
  const tokens = [BARE, ECHO, SERVICE].map((name) => [
    name,
    count(at((result) => result[name].perSecond)),
    ratio(name, BARE),
    ratio(name, ECHO),
    count(at((result) => result[name].cpuUs)),
  ])
  const own = at((result) => result[GATEWAY].medianMs - result[DIRECT].medianMs)
  const gateway = [DIRECT, GATEWAY].map((name) => [name, at((result) => result[name].medianMs).toFixed(3)])
  const intro = `A client that asks for a token which the service has, ${IN_FLIGHT} in flight; bare and echo do nothing but read the body and answer (${pinning}); medians of ${results.length} interleaved rounds. Logs are written and thrown away.`
  const share = `One call at a time, which WeChat’s stand-in answers at once; the gateway’s own share of a call is the difference: **${own.toFixed(2)} ms**.`
  return [
    intro,
    table(['warm token', 'calls/s', '× bare', '× echo', 'CPU µs a call'], tokens),
    share,
    table(['call', 'median ms'], gateway),
  ].join('\n\n')
}
