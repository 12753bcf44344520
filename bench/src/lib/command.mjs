import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../../scripts/services/find.mjs'

const main = fileURLToPath(new URL('../../../packages/cli/dist/main.js', import.meta.url))
const START_WITHIN_MS = 30_000

/** Runs a command of the product to its end. */
export function runCommand(args, env) {
  const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...env }, stdio: 'ignore' })
  return new Promise((resolve, reject) => {
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`haoma ${args[0]} ended: ${code}`)),
    )
  })
}

/**
 * Starts `haoma start`, waits until it answers, and ends it.
 *
 * @returns {Promise<{ startMs: number, residentBytes: number | undefined }>} `residentBytes` is known on Linux only.
 */
export async function timeStart(env) {
  const port = await freePort()
  const startedAtMs = performance.now()
  const child = spawn(process.execPath, [main, 'start', '--host', '127.0.0.1', '--log-level', 'error'], {
    env: { ...process.env, ...env, HAOMA_PORT: String(port) },
    stdio: 'ignore',
  })
  try {
    const answers = () =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      )
    while (!(await answers())) {
      if (child.exitCode !== null || performance.now() - startedAtMs > START_WITHIN_MS)
        throw new Error(`haoma start does not answer (exit ${child.exitCode})`)
      await sleep(2)
    }
    return { startMs: performance.now() - startedAtMs, residentBytes: residentBytes(child.pid) }
  } finally {
    child.kill('SIGKILL')
  }
}

function residentBytes(pid) {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
  } catch {
    return undefined
  }
}
