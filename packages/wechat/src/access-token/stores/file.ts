import { randomUUID } from 'node:crypto'
import { link, mkdir, readdir, readFile, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decidePermit } from '../force-permits.ts'
import type { ForcePermit, Lease, TokenStore } from '../types.ts'

/** Options of {@link createFileTokenStore}. */
export interface FileTokenStoreOptions {
  /** A folder on a local disk that all processes of this host share. Made with mode 0700 when it is not there. */
  readonly directory: string
}

interface State {
  readonly token?: { readonly accessToken: string; readonly savedAtMs: number; readonly expiresInMs: number }
  readonly lease?: Lease & { readonly endsAtMs: number }
  readonly fence: number
  readonly forcedAtMs: readonly number[]
}

interface Version {
  readonly number: number
  readonly state: State
}

const empty: Version = { number: 0, state: { fence: 0, forcedAtMs: [] } }
const keptMs = 60_000

/**
 * Shares tokens between the processes of one host through a folder. Files have mode 0600; their names carry the
 * appid and never a secret.
 *
 * There is no lock to be left behind by a killed process. A state is never changed: the next one is linked under
 * the next number, which the file system lets one process do.
 *
 * @param options - the folder
 */
export function createFileTokenStore({ directory }: FileTokenStoreOptions): TokenStore {
  const fileOf = (appid: string, number: number) => join(directory, `${appid}.${number}.json`)

  async function numbersOf(appid: string): Promise<number[]> {
    const names = await readdir(directory).catch(undefinedWhenMissing)
    return (names ?? [])
      .filter((name) => name.startsWith(`${appid}.`) && name.endsWith('.json'))
      .map((name) => Number(name.slice(appid.length + 1, -'.json'.length)))
      .filter(Number.isInteger)
      .sort((a, b) => b - a)
  }

  async function latest(appid: string): Promise<Version> {
    for (;;) {
      const [number] = await numbersOf(appid)
      if (number === undefined) return empty
      // Gone between the two looks: others have moved on, and so do we.
      const text = await readFile(fileOf(appid, number), 'utf8').catch(undefinedWhenMissing)
      if (text !== undefined) return { number, state: JSON.parse(text) as State }
    }
  }

  /** Applies a change to the latest state; when another process was faster, to the one it left. */
  async function update<T>(appid: string, change: (state: State) => { next?: State; result: T }): Promise<T> {
    for (;;) {
      const { number, state } = await latest(appid)
      const { next, result } = change(state)
      if (next === undefined || (await linkAs(fileOf(appid, number + 1), next))) {
        if (next !== undefined) await tidy(appid, number)
        return result
      }
    }
  }

  async function linkAs(file: string, state: State): Promise<boolean> {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const draft = join(directory, `${randomUUID()}.draft`)
    await writeFile(draft, JSON.stringify(state), { mode: 0o600, flag: 'wx' })
    try {
      await link(draft, file)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw error
    } finally {
      await unlink(draft)
    }
  }

  // Old states stay a while: a process that read one must find its next number taken, not free again.
  async function tidy(appid: string, before: number): Promise<void> {
    for (const number of await numbersOf(appid)) {
      if (number >= before) continue
      const file = fileOf(appid, number)
      const age = await stat(file).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      )
      if (age > keptMs) await unlink(file).catch(() => {})
    }
  }

  return {
    name: 'file',
    async read(appid) {
      const { token } = (await latest(appid)).state
      if (token === undefined) return undefined
      // A clock that was set back must not lengthen a token's life.
      const ageMs = Math.max(0, Date.now() - token.savedAtMs)
      const expiresInMs = token.expiresInMs - ageMs
      return expiresInMs > 0 ? { accessToken: token.accessToken, expiresInMs } : undefined
    },
    acquire: (appid, { owner, ttlMs }) =>
      update(appid, (state) => {
        const now = Date.now()
        if (state.lease !== undefined && state.lease.endsAtMs > now) return { result: undefined }
        const fence = state.fence + 1
        return { next: { ...state, fence, lease: { owner, fence, endsAtMs: now + ttlMs } }, result: fence }
      }),
    write: (appid, { accessToken, expiresInMs, ...lease }) =>
      update(appid, (state) => {
        if (!holds(state, lease)) return { result: false }
        return {
          next: { ...state, token: { accessToken, expiresInMs, savedAtMs: Date.now() } },
          result: true,
        }
      }),
    release: (appid, lease) =>
      update(appid, (state) => {
        if (!holds(state, lease)) return { result: undefined }
        const { lease: _, ...next } = state
        return { next, result: undefined }
      }),
    takeForcePermit: (appid, rule) =>
      update<ForcePermit>(appid, (state) => {
        const { permit, takenAtMs } = decidePermit(state.forcedAtMs, rule, Date.now())
        return permit.granted
          ? { next: { ...state, forcedAtMs: takenAtMs }, result: permit }
          : { result: permit }
      }),
  }
}

function holds({ lease }: State, { owner, fence }: Lease): boolean {
  return lease?.owner === owner && lease.fence === fence && lease.endsAtMs > Date.now()
}

function undefinedWhenMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined
  throw error
}
