import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import manifest from '../../package.json' with { type: 'json' }
import type { TravelingOptions, TravelingOrder } from './traveling-process.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const processFile = here('../../.cache/traveling-process.mjs')

/** The whole service as a process of its own, which can be killed, and whose clock goes where it is told. */
export interface TravelingService {
  /** Where it answers now; each life has a port of its own. */
  url(): string
  start(): Promise<void>
  kill(): Promise<void>
  /** Moves its clock on. */
  advance(ms: number): Promise<void>
  /** Its clock. */
  now(): number
  /** Runs every job once. */
  housekeep(): Promise<void>
}

/** @param options - What it is made with, in each of its lives. */
export async function travelingService(
  options: Omit<TravelingOptions, 'aheadMs'>,
): Promise<TravelingService> {
  await build({
    entryPoints: [here('./traveling-process.ts')],
    outfile: processFile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['haoma-source'],
    external: Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).filter(
      (name) => !name.startsWith('@haoma/'),
    ),
  })
  let aheadMs = 0
  let child: ChildProcess | undefined
  let url = ''
  const order = async (what: TravelingOrder) => {
    if (!child) throw new Error('the service does not run')
    const done = once(child, 'message')
    child.send(what)
    await done
  }
  return {
    url: () => url,
    now: () => Date.now() + aheadMs,
    async start() {
      child = fork(processFile, [JSON.stringify({ ...options, aheadMs })], { execArgv: [] })
      const [{ port }] = await once(child, 'message')
      url = `http://127.0.0.1:${port}`
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
    async advance(ms) {
      aheadMs += ms
      await order({ do: 'travel', aheadMs })
    },
    housekeep: () => order({ do: 'housekeep' }),
  }
}
