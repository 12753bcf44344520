// One contender in its own process, called as told.
import { PerformanceObserver } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { contenders } from '../contenders/index.mjs'
import { APP_SECRET, APPID, phoneCode } from '../lib/facts.mjs'
import { serveCommands } from '../lib/ipc.mjs'

const codes = Array.from({ length: 4096 }, (_, number) => phoneCode(number + 1))
let client
let gcMs = 0
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) gcMs += entry.duration
}).observe({ entryTypes: ['gc'] })

const together = (callers, caller) => Promise.all(Array.from({ length: callers }, caller))

/** Calls for a time, with a fixed number in flight, and tells how fast and at what cost. */
async function round({ inFlight, durationMs }) {
  const gcBefore = gcMs
  const cpuBefore = process.cpuUsage()
  const from = performance.now()
  const until = from + durationMs
  let calls = 0
  await together(inFlight, async () => {
    while (performance.now() < until) {
      await client.getPhoneNumber(codes[calls & 4095])
      calls += 1
    }
  })
  const seconds = (performance.now() - from) / 1000
  const cpu = process.cpuUsage(cpuBefore)
  // The observer reports in a later turn of the loop.
  await sleep(20)
  return {
    perSecond: calls / seconds,
    cpuUsPerCall: (cpu.user + cpu.system) / calls,
    gcShare: (gcMs - gcBefore) / 1000 / seconds,
  }
}

/** Makes a number of calls and tells how many failed. */
async function burst({ inFlight, calls, pauseMs = 0 }) {
  let started = 0
  let failed = 0
  let firstError
  await together(inFlight, async () => {
    while (started < calls) {
      started += 1
      try {
        await client.getPhoneNumber(phoneCode(started))
      } catch (error) {
        failed += 1
        firstError ??= error.message
      }
      if (pauseMs > 0) await sleep(pauseMs)
    }
  })
  return { calls, failed, firstError }
}

/** Callers that do not give up: each tries again a moment after it failed. Does not wait for those that hang. */
async function hammer({ callers, durationMs, pauseMs }) {
  const until = performance.now() + durationMs
  let failed = 0
  const all = together(callers, async () => {
    while (performance.now() < until) {
      await client.getPhoneNumber(codes[0]).catch(() => {
        failed += 1
      })
      await sleep(pauseMs)
    }
  })
  await Promise.race([all, sleep(durationMs)])
  return { failed }
}

/** Makes calls and tells what memory is held after a full collection, at each of some marks. */
async function memory({ inFlight, marks }) {
  const samples = []
  let made = 0
  for (const mark of marks) {
    await together(inFlight, async () => {
      while (made < mark) {
        made += 1
        await client.getPhoneNumber(phoneCode(made))
      }
    })
    globalThis.gc()
    const { heapUsed, rss } = process.memoryUsage()
    samples.push({ calls: mark, heapUsed, rss })
  }
  return samples
}

const tryOnce = () => client.getPhoneNumber(phoneCode(1))

serveCommands({
  create: async ({ name, ...options }) => {
    client = await contenders[name]({ ...options, appid: APPID, appSecret: APP_SECRET })
  },
  /** Makes the first call, which fetches the token, and checks that it brings the number. */
  check: async () => {
    const { purePhoneNumber, nationalNumber } = await tryOnce()
    const number = purePhoneNumber ?? nationalNumber
    if (number !== '13580006666') throw new Error(`the number came as ${number}`)
  },
  /** Makes the first call, whatever comes of it. */
  warmUp: () =>
    tryOnce().then(
      () => true,
      () => false,
    ),
  round,
  burst,
  hammer,
  memory,
})
