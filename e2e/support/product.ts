import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../scripts/services/find.mjs'

const built = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const main = built('packages/cli/dist/main.js')
const demoFolder = built('examples/uni-app/dist/build/h5')
const miniprogramFolder = built('examples/uni-app/dist/build/mp-weixin')

/** A running `haoma start`, as `npm start` runs it, but on free ports and with a data folder of its own. */
export interface Product {
  /** Working folder, with `.haoma/` in it. */
  folder: string
  serviceUrl: string
  simulatorUrl: string
  demoUrl: string
  /** Everything it has printed so far. */
  output(): string
  /** Sends Ctrl-C and gives the exit code. */
  interrupt(): Promise<number | null>
  stop(): Promise<void>
}

/**
 * Starts the product as a process of its own and waits until the service answers.
 *
 * @param inFolder - Where it works. Default is a new folder, which `stop` removes.
 * @param miniprogram - What the phone page plays. Default is the compiled example.
 */
export async function startProduct(
  env: Record<string, string> = {},
  inFolder?: string,
  miniprogram = miniprogramFolder,
): Promise<Product> {
  const folder = inFolder ?? (await mkdtemp(join(tmpdir(), 'haoma-e2e-')))
  const [service, simulator, demo] = [await freePort(), await freePort(), await freePort()]
  const child = spawn(process.execPath, [main, 'start', '--demo', demoFolder, '--miniprogram', miniprogram], {
    cwd: folder,
    env: {
      ...process.env,
      HAOMA_PORT: String(service),
      HAOMA_SIMULATOR_PORT: String(simulator),
      HAOMA_DEMO_PORT: String(demo),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const chunks: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => chunks.push(text))
  const output = () => chunks.join('')
  const serviceUrl = `http://127.0.0.1:${service}`
  await untilHealthy(child, serviceUrl, output)
  return {
    folder,
    serviceUrl,
    simulatorUrl: `http://127.0.0.1:${simulator}`,
    demoUrl: `http://127.0.0.1:${demo}`,
    output,
    interrupt: () => end(child, 'SIGINT'),
    async stop() {
      await end(child, 'SIGTERM')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function untilHealthy(child: ChildProcess, serviceUrl: string, output: () => string): Promise<void> {
  const deadline = Date.now() + 30_000
  while (Date.now() < deadline) {
    if (child.exitCode !== null) break
    const answer = await fetch(`${serviceUrl}/healthz`).catch(() => undefined)
    // The addresses are printed last.
    if (answer?.ok && output().includes('Ctrl-C')) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  child.kill('SIGKILL')
  throw new Error(`haoma start did not come up (exit ${child.exitCode}):\n${output()}`)
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  child.kill(signal)
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  const code = await ended
  clearTimeout(timer)
  return code
}
