// Sends one request again and again, and tells how often and how fast it was answered.
import { Pool } from 'undici'
import { serveCommands } from '../lib/ipc.mjs'
import { median } from '../lib/statistics.mjs'

const pools = new Map()

serveCommands({
  repeat: async ({ url, path, headers, body, inFlight, durationMs, expected }) => {
    if (!pools.has(url)) pools.set(url, new Pool(url, { connections: 64 }))
    const pool = pools.get(url)
    const latencies = []
    const from = performance.now()
    const until = from + durationMs
    const repeater = async () => {
      while (performance.now() < until) {
        const sentAt = performance.now()
        const answer = await pool.request({ method: 'POST', path, headers, body })
        const text = await answer.body.text()
        latencies.push(performance.now() - sentAt)
        if (answer.statusCode !== 200 || !text.includes(expected)) throw new Error(`${url}${path}: ${text}`)
      }
    }
    await Promise.all(Array.from({ length: inFlight }, repeater))
    return {
      calls: latencies.length,
      perSecond: (latencies.length / (performance.now() - from)) * 1000,
      medianMs: median(latencies),
    }
  },
})
