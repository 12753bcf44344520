import { setTimeout as sleep } from 'node:timers/promises'
import { bare, contenders, OURS } from './contenders/index.mjs'
import { openFleet } from './lib/fleet.mjs'
import { startProcess } from './lib/processes.mjs'
import { table } from './lib/report.mjs'
import { count } from './lib/statistics.mjs'
import { openSharedStores } from './lib/stores.mjs'

export const title = 'Access tokens: herds, replacements, wrong secrets'
export const needs = { builds: ['wechat'], nodeClients: true }

const FLEET = 8
const CALLERS = 100
const REPLACE_EVERY = 1000
/** How often the token is replaced: a storm, and a bad day. */
const STORMS = { '100–400 ms': [100, 400], '1 s': [1000, 1000] }
const full = { calls: 10_000, hammerMs: 10_000, stormPauseMs: 60, burners: 4 }
// Quick runs are tests, on machines that do much else: there a slow store is not a store that is down.
const quick = { calls: 2000, hammerMs: 500, stormPauseMs: 20, burners: 0, storeTimeoutMs: 10_000 }

/**
 * Every client alone and in eight processes, ours also with each store through which they can share a token, and
 * each through all scenarios.
 *
 * @param {{ isQuick?: boolean, only?: string }} options
 * @returns {Promise<{ markdown: string, results: any }>}
 */
export async function run({ isQuick, only }) {
  const names = Object.keys(contenders).filter((name) => !(name in bare) && (!only || name.includes(only)))
  const authority = await startProcess('processes/authority.mjs')
  const stores = await openSharedStores()
  const scale = isQuick ? quick : full
  const bench = { authority, baseUrl: await authority.ask('url'), ...scale }
  try {
    const results = []
    for (const subject of subjects(names, stores)) results.push(await observe(subject, bench))
    return { markdown: report(results, scale), results }
  } finally {
    await stores.close()
    await authority.stop()
  }
}

function* subjects(names, stores) {
  for (const name of names) {
    yield { client: name, name, size: 1 }
    yield { client: `${name} × ${FLEET}`, name, size: FLEET }
    for (const kind of name === OURS ? stores.kinds : []) {
      const client = `${name} × ${FLEET}, ${kind} store`
      yield { client, name, size: FLEET, newStore: () => stores.empty(kind) }
    }
  }
}

async function observe({ client, name, size, newStore }, bench) {
  const { authority, baseUrl, storeTimeoutMs } = bench
  const fleet = await openFleet(size)
  const scenario = async (work, { rules, isWarm = false }) => {
    await authority.ask('reset', rules)
    const store = await newStore?.()
    const creation = { name, baseUrl, store, storeTimeoutMs }
    await Promise.all(fleet.processes.map((one) => one.ask('create', creation)))
    if (isWarm) for (const one of fleet.processes) await one.ask('warmUp')
    return work(fleet.processes, bench)
  }
  const inBothModes = async (work, { rules, isWarm }) => ({
    grace: await scenario(work, { isWarm, rules }),
    strict: await scenario(work, { isWarm, rules: { ...rules, isStrict: true } }),
  })
  const replacing = { rules: { replaceEvery: REPLACE_EVERY, tokenLatencyMs: 5 }, isWarm: true }
  // Eight that share nothing do eight times what one does.
  const sharesNothing = size > 1 && newStore === undefined
  const wrong = (errcode) =>
    scenario(wrongSecret, { rules: { wrongSecretErrcode: errcode, tokenLatencyMs: 20 } })
  try {
    return {
      client,
      cold: await inBothModes(coldStart, { rules: {} }),
      replaced: sharesNothing ? undefined : await inBothModes(replacedUnderLoad, replacing),
      storms: newStore && (await storms(scenario, bench)),
      killed: newStore && (await scenario(holderKilled, { rules: { tokenLatencyMs: 60_000 } })),
      wrongSecret: size === 1 ? { 40125: await wrong(40125), 40001: await wrong(40001) } : undefined,
    }
  } finally {
    await fleet.close()
  }
}

/** The token is replaced by the clock, again and again, on a machine that has too much to do. */
async function storms(scenario, { burners: count }) {
  const burners = await Promise.all(Array.from({ length: count }, () => startProcess('processes/burner.mjs')))
  try {
    const found = {}
    for (const [name, replaceEveryMs] of Object.entries(STORMS)) {
      const rules = { isStrict: true, tokenLatencyMs: 5, replaceEveryMs }
      found[name] = await scenario(storm, { isWarm: true, rules })
    }
    return found
  } finally {
    await Promise.all(burners.map((one) => one.stop()))
  }
}

async function storm(fleet, bench) {
  const work = { inFlight: 64 / fleet.length, calls: bench.calls / fleet.length, pauseMs: bench.stormPauseMs }
  const { failed } = await burst(fleet, bench, work)
  const { tokenFetches, replacements } = await bench.authority.ask('counts')
  await bench.authority.ask('change', { replaceEveryMs: undefined })
  return { failed, tokenFetches, replacements }
}

/** Everybody's first call at once. */
function coldStart(fleet, bench) {
  return burst(fleet, bench, { inFlight: CALLERS, calls: CALLERS })
}

/** Somebody else replaces the token again and again while calls are made. */
function replacedUnderLoad(fleet, bench) {
  return burst(fleet, bench, { inFlight: 64 / fleet.length, calls: bench.calls / fleet.length })
}

async function burst(fleet, { authority }, work) {
  const results = await Promise.all(fleet.map((one) => one.ask('burst', work)))
  const { tokenFetches } = await authority.ask('counts')
  return { tokenFetches, failed: failures(results) }
}

/** The process that holds the lease is killed in the middle of its fetch, while the others wait for it. */
async function holderKilled([holder, ...others], { authority }) {
  const work = { inFlight: CALLERS, calls: CALLERS }
  holder.ask('burst', work).catch(() => {})
  while ((await authority.ask('counts')).tokenFetches === 0) await sleep(10)
  const from = performance.now()
  const waiting = others.map((one) => one.ask('burst', work))
  await holder.stop()
  await authority.ask('change', { tokenLatencyMs: 50 })
  const failed = failures(await Promise.all(waiting))
  const { tokenFetches } = await authority.ask('counts')
  // The first fetch was the victim's.
  return { fetchesOfOthers: tokenFetches - 1, failed, waitedMs: performance.now() - from }
}

/** A deployment with the wrong AppSecret, whose callers do not give up. */
async function wrongSecret([one], { authority, hammerMs }) {
  await one.ask('hammer', { callers: 1000, durationMs: hammerMs, pauseMs: 100 })
  return (await authority.ask('counts')).tokenFetches
}

const failures = (results) => results.reduce((sum, one) => sum + one.failed, 0)

function report(results, { calls, hammerMs, burners }) {
  const cell = ({ tokenFetches, failed }) => `${count(tokenFetches)} / ${count(failed)}`
  const inBothModes = (scenario) => {
    const rows = results
      .filter((row) => row[scenario])
      .map((row) => [row.client, cell(row[scenario].grace), cell(row[scenario].strict)])
    return table(['token fetches / failed calls', 'grace', 'strict'], rows)
  }
  const storm = ({ failed, tokenFetches, replacements }) =>
    `${count(failed)} (${count(replacements)} / ${count(tokenFetches)})`
  const stormy = results
    .filter((row) => row.storms)
    .map((row) => [row.client, ...Object.keys(STORMS).map((name) => storm(row.storms[name]))])
  const killed = results.flatMap(({ client, killed }) =>
    killed
      ? [[client, killed.fetchesOfOthers, killed.failed, `${(killed.waitedMs / 1000).toFixed(1)} s`]]
      : [],
  )
  const wrong = results.flatMap(({ client, wrongSecret }) =>
    wrongSecret ? [[client, count(wrongSecret[40125]), count(wrongSecret[40001])]] : [],
  )
  return [
    `× ${FLEET}: in so many processes. Grace: a replaced token lives five minutes more, as WeChat's legacy token does. Strict: it dies at once, as after a forced refresh.`,
    `**Cold start.** ${CALLERS} callers in each process, all at once, with no token anywhere; a token fetch takes 50 ms.`,
    inBothModes('cold'),
    `**Replaced elsewhere under load.** ${count(calls)} calls in all, 64 in flight; after every ${count(REPLACE_EVERY)} the token is replaced behind the client's back. The first fetch is counted.`,
    inBothModes('replaced'),
    `**Storm.** ${count(calls)} calls in all, 64 in flight, strict; the token is replaced by the clock, while ${burners} processes that only burn time keep the machine busy. Failed calls (replacements / token fetches).`,
    table(['every', ...Object.keys(STORMS)], stormy),
    `**Killed while it fetches.** The process that holds the lease gets SIGKILL; ${CALLERS} callers in each of the others wait for its token.`,
    table(['client', 'token fetches of the others', 'failed calls', 'waited'], killed),
    `**Wrong AppSecret.** Token fetches by 1,000 callers in ${hammerMs / 1000} s, each trying again 100 ms after a failure. WeChat answers 40125; its older pages name 40001. A new account has 2,000 legacy fetches a day.`,
    table(['client', 'answered 40125', 'answered 40001'], wrong),
  ].join('\n\n')
}
