import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const program = createRequire(import.meta.url).resolve('workerd/bin/workerd')

const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.js")],
  compatibilityDate = "2026-11-01",
);
`

/** A Worker in the real runtime of Cloudflare, on loopback. */
export interface Worker {
  /** Asks the Worker; gives what it answers as JSON. */
  ask<T>(question: unknown): Promise<T>
  close(): Promise<void>
}

/**
 * Bundles a module as a Worker would be and runs it in workerd.
 *
 * @param source - TypeScript of the module, which imports as files in this folder do. It has a function
 * `answer(question)`, which gives what is to be answered as JSON; each question is a request of its own
 */
export async function openWorker(source: string): Promise<Worker> {
  const folder = await mkdtemp(join(tmpdir(), 'haoma-worker-'))
  const entry = `${source}
    export default { fetch: async (request) => Response.json({ answer: await answer(await request.json()) }) }`
  await build({
    stdin: { contents: entry, resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    conditions: ['haoma-source', 'workerd'],
    outfile: join(folder, 'worker.js'),
  })
  await writeFile(join(folder, 'config.capnp'), config)
  const child = spawn(program, ['serve', '--control-fd=3', join(folder, 'config.capnp')], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  })
  const port = await portOf(child)
  return {
    async ask<T>(question: unknown) {
      const body = JSON.stringify(question)
      const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body })
      const text = await response.text()
      if (!response.ok) throw new Error(`workerd answered ${response.status}: ${text}`)
      return JSON.parse(text).answer as T
    },
    async close() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`workerd ended with ${code}`)))
    createInterface({ input: child.stdio[3] as Readable }).on('line', (line) => {
      const told = JSON.parse(line)
      if (told.event === 'listen' && told.socket === 'http') resolve(told.port)
    })
  })
}
