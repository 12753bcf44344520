import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** How a file may lie beside itself, made smaller when the console is built; the best first. */
const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

export interface ConsoleFile {
  body: Buffer
  headers: Record<string, string>
}

/** The built console, as a browser gets it. */
export interface ConsoleFiles {
  /** The page itself, the same for every address below it. */
  page: { html: string; etag: string }
  /** @param acceptEncoding - What the browser takes, as it says. */
  read(name: string, acceptEncoding: string | undefined): Promise<ConsoleFile | undefined>
}

/** Where `@haoma/console` has its built files. It is found by its name, as data: nothing of its code is imported. */
export function installedConsole(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('@haoma/console/package.json')), 'dist')
  } catch {
    return undefined
  }
}

/**
 * Reads what is in a folder of built files. Which names there are is settled now: nothing that a request says becomes a path.
 *
 * @param basePath - Where the service is mounted; the page is told.
 * @returns Undefined when nothing is built there.
 */
export function openConsoleFiles(folder: string, basePath: string): ConsoleFiles | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined
  const html = readFileSync(join(folder, 'index.html'), 'utf8').replace(
    '<base href="/console/" />',
    `<base href="${basePath.replace(/\/+$/, '')}/console/" />`,
  )
  const names = new Set(
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/')),
  )
  return {
    page: { html, etag: `"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"` },
    read: async (name, acceptEncoding = '') => {
      const type = types[extname(name)]
      if (type === undefined || !names.has(name)) return undefined
      const smaller = encodings.find(
        ([encoding, suffix]) => names.has(name + suffix) && takes(acceptEncoding, encoding),
      )
      return {
        body: await readFile(join(folder, name + (smaller?.[1] ?? ''))),
        headers: {
          'content-type': type,
          vary: 'Accept-Encoding',
          // The build puts a hash of its content into the name of all that lies in assets.
          'cache-control': name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
          ...(smaller && { 'content-encoding': smaller[0] }),
        },
      }
    },
  }
}

/** Whether `Accept-Encoding` lists it, and not with a weight of 0. */
function takes(accepted: string, encoding: string): boolean {
  return accepted.split(',').some((each) => {
    const [name, weight = 'q=1'] = each
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/)
    return name === encoding && Number(weight.replace('q=', '')) > 0
  })
}
