import { contenders, FLOOR, OURS } from './contenders/index.mjs'
import { startProcess } from './lib/processes.mjs'
import { table } from './lib/report.mjs'
import { count } from './lib/statistics.mjs'
import { openSharedStores } from './lib/stores.mjs'

export const title = 'Access tokens: herds, replacements, wrong secrets'
export const needs = { builds: ['wechat'], nodeClients: true }

const CALLERS = 100
const REPLACED = { calls: 10_000, inFlight: 64, replaceEvery: 1000 }
const HAMMERING = { callers: 1000, durationMs: 10_000, pauseMs: 100 }

export async function run({ isQuick, only }) {
  const names = Object.keys(contenders).filter((name) => name !== FLOOR && (!only || name.includes(only)))
  const authority = await startProcess('processes/authority.mjs')
  const stores = await openSharedStores()
  const bench = { authority, baseUrl: await authority.ask('url'), names, stores, scale: isQuick ? 0.02 : 1 }
  try {
    const markdown = [await coldHerd(bench), await replacedUnderLoad(bench), await wrongSecret(bench)].join(
      '\n\n',
    )
    return { markdown }
  } finally {
    await stores.close()
    await authority.stop()
  }
}

/** Everybody's first call at once. */
async function coldHerd({ authority, baseUrl, names, stores }) {
  const rows = []
  for (const name of names) {
    const inOne = await herd({ authority, baseUrl, name, processes: 1 })
    rows.push([name, ...inOne, ...(await herd({ authority, baseUrl, name, processes: 8 }))])
    if (name !== OURS) continue
    for (const store of stores.kinds) {
      const inEight = await herd({
        authority,
        baseUrl,
        name,
        processes: 8,
        newStore: () => stores.empty(store),
      })
      rows.push([`${name}, ${store} store`, '', '', ...inEight])
    }
  }
  const intro = `**Cold start.** ${CALLERS} callers in each process, all at once, with no token anywhere; a token fetch takes 50 ms. Grace: a replaced token lives five minutes more, as WeChat's legacy token does. Strict: it dies at once. Cells: token fetches / failed calls.`
  const modes = (processes) => [`${processes}, grace`, `${processes}, strict`]
  return [intro, table(['client', ...modes('1 process'), ...modes('8 processes')], rows)].join('\n\n')
}

async function herd({ authority, baseUrl, name, processes, newStore }) {
  const cells = []
  for (const isStrict of [false, true]) {
    await authority.ask('reset', { isStrict })
    const store = await newStore?.()
    const fleet = await Promise.all(
      Array.from({ length: processes }, () => startProcess('processes/caller.mjs')),
    )
    try {
      await Promise.all(fleet.map((one) => one.ask('create', { name, baseUrl, isWarm: false, store })))
      const results = await Promise.all(
        fleet.map((one) => one.ask('burst', { inFlight: CALLERS, calls: CALLERS })),
      )
      const failed = results.reduce((sum, one) => sum + one.failed, 0)
      const { tokenFetches } = await authority.ask('counts')
      cells.push(`${count(tokenFetches)} / ${count(failed)}`)
    } finally {
      await Promise.all(fleet.map((one) => one.stop()))
    }
  }
  return cells
}

/** Somebody else replaces the token again and again while calls are made. */
async function replacedUnderLoad({ authority, baseUrl, names, scale }) {
  const { inFlight } = REPLACED
  const calls = REPLACED.calls * scale
  const replaceEvery = REPLACED.replaceEvery * scale
  const rows = []
  for (const name of names) {
    const cells = []
    for (const isStrict of [false, true]) {
      await authority.ask('reset', { isStrict, replaceEvery, tokenLatencyMs: 5 })
      const { failed } = await withCaller({ name, baseUrl }, (caller) =>
        caller.ask('burst', { inFlight, calls }),
      )
      const { tokenFetches } = await authority.ask('counts')
      cells.push(`${count(tokenFetches)} / ${count(failed)}`)
    }
    rows.push([name, ...cells])
  }
  const intro = `**Replaced elsewhere under load.** ${count(calls)} calls, ${inFlight} in flight; after every ${count(replaceEvery)} the token is replaced behind the client's back, ${calls / replaceEvery} times in all. Cells: token fetches, the first one included / failed calls.`
  return [intro, table(['client', 'grace', 'strict'], rows)].join('\n\n')
}

/** A deployment with the wrong AppSecret, whose callers do not give up. */
async function wrongSecret({ authority, baseUrl, names, scale }) {
  const durationMs = HAMMERING.durationMs * Math.max(scale, 0.05)
  const { callers, pauseMs } = HAMMERING
  const rows = []
  for (const name of names) {
    const cells = []
    for (const wrongSecretErrcode of [40125, 40001]) {
      await authority.ask('reset', { wrongSecretErrcode, tokenLatencyMs: 20 })
      await withCaller({ name, baseUrl, isWarm: false }, (caller) =>
        caller.ask('hammer', { callers, durationMs, pauseMs }),
      )
      const { tokenFetches } = await authority.ask('counts')
      cells.push(count(tokenFetches))
    }
    rows.push([name, ...cells])
  }
  const intro = `**Wrong AppSecret.** ${count(callers)} callers for ${durationMs / 1000} s, each trying again ${pauseMs} ms after a failure. WeChat answers 40125; its older pages name 40001. A legacy account has 2,000 token fetches a day.`
  return [intro, table(['client', 'token fetches (40125)', 'token fetches (40001)'], rows)].join('\n\n')
}

async function withCaller(creation, work) {
  const caller = await startProcess('processes/caller.mjs')
  try {
    await caller.ask('create', creation)
    return await work(caller)
  } finally {
    await caller.stop()
  }
}
