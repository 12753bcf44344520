import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../scripts/services/find.mjs'

const main = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url))

/** One serving process, as an operator runs it: it may end and be started again at the same address. */
export interface Service {
  url: string
  /** @throws When it is not serving within half a minute. */
  start(): Promise<void>
  /**
   * Sends the signal and waits for the end, a minute at most.
   *
   * @returns the exit code; `null` when a signal ended it
   */
  end(signal: NodeJS.Signals): Promise<number | null>
  /** Everything it has printed, over all its lives. */
  output(): string
}

/** Settings of this process are none of the service's, which refuses those that it does not know. */
const surroundings = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('HAOMA_')),
)
const START_MS = 30_000
const STOP_MS = 60_000

/**
 * @param folder - Where it works.
 * @param env - Its settings.
 */
export async function createService(folder: string, env: Record<string, string>): Promise<Service> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const printed: string[] = []
  const output = () => printed.join('')
  let child: ChildProcess | undefined

  return {
    url,
    output,
    async start() {
      const started = spawn(
        process.execPath,
        [main, 'start', '--host', '127.0.0.1', '--log-level', 'error'],
        {
          cwd: folder,
          env: { ...surroundings, ...env, HAOMA_PORT: String(port) },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      )
      child = started
      for (const stream of [started.stdout, started.stderr]) {
        stream.setEncoding('utf8').on('data', (text) => printed.push(text))
      }
      const untilMs = Date.now() + START_MS
      while (Date.now() < untilMs && started.exitCode === null) {
        const answer = await fetch(`${url}/healthz`).catch(() => undefined)
        if (answer?.ok) return
        await delay(50)
      }
      started.kill('SIGKILL')
      throw new Error(`${url} did not come up (exit ${started.exitCode}):\n${output()}`)
    },
    async end(signal) {
      if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
      const ending = child
      const ended = once(ending, 'exit')
      const limit = setTimeout(() => ending.kill('SIGKILL'), STOP_MS)
      ending.kill(signal)
      await ended
      clearTimeout(limit)
      return ending.exitCode
    },
  }
}
