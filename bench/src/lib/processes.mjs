import { spawn, spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'

const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-V']).status === 0

/** Core 0 for the clients, which take turns; core 1 for the server they all call. */
export const CLIENT_CORE = 0
export const SERVER_CORE = 1
export const pinning = canPin ? 'clients on core 0, server on core 1' : 'not pinned'

/**
 * Starts a script that calls `serveCommands`, in a process of its own.
 *
 * @param {string} script - below `bench/src`, or a whole path
 * @param {{ core?: number, nodeArgs?: string[] }} options
 */
export async function startProcess(script, { core, nodeArgs = [] } = {}) {
  const path = isAbsolute(script) ? script : fileURLToPath(new URL(`../${script}`, import.meta.url))
  const command = [process.execPath, ...nodeArgs, path]
  if (canPin && core !== undefined) command.unshift('taskset', '-c', String(core))
  const child = spawn(command[0], command.slice(1), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })

  let nextId = 1
  const waiting = new Map()
  let settleReady
  const ready = new Promise((resolve, reject) => {
    settleReady = { resolve, reject }
  })
  child.on('message', ({ ready: isReady, id, output, error }) => {
    if (isReady) return settleReady.resolve()
    const { resolve, reject } = waiting.get(id)
    waiting.delete(id)
    if (error) reject(new Error(`${script}: ${error}`))
    else resolve(output)
  })
  child.on('exit', (code, signal) => {
    const gone = new Error(`${script} ended (${signal ?? code})`)
    settleReady.reject(gone)
    for (const { reject } of waiting.values()) reject(gone)
  })
  await ready

  return {
    ask: (name, input) =>
      new Promise((resolve, reject) => {
        const id = nextId++
        waiting.set(id, { resolve, reject })
        child.send({ id, name, input })
      }),
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve()
        waiting.clear()
        child.once('exit', resolve)
        child.kill('SIGKILL')
      }),
  }
}
