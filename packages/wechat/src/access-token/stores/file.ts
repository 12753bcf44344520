import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { decidePermit } from '../force-permits.ts'
import type { ForcePermit, Lease, TokenStore } from '../types.ts'

/** Options of {@link createFileTokenStore}. */
export interface FileTokenStoreOptions {
  /** A folder on a local disk that all processes of this host share. Made with mode 0700 when it is not there. */
  readonly directory: string
}

interface HeldLease extends Lease {
  readonly endsAtMs: number
  readonly ttlMs: number
}

interface State {
  readonly token?: { readonly accessToken: string; readonly savedAtMs: number; readonly expiresInMs: number }
  readonly lease?: HeldLease
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
      if (text !== undefined) return { number, state: readState(text, number) }
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
    try {
      const handle = await open(draft, 'wx', 0o600)
      try {
        await handle.writeFile(JSON.stringify(state))
        // Or a power cut leaves a name with nothing behind it.
        await handle.sync()
      } finally {
        await handle.close()
      }
      await link(draft, file)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw error
    } finally {
      await unlink(draft).catch(() => {})
    }
  }

  // Old states stay a while: a process that read one must find its next number taken, not free again.
  async function tidy(appid: string, before: number): Promise<void> {
    const old = (await numbersOf(appid)).filter((number) => number < before)
    const files = old.map((number) => fileOf(appid, number))
    for (const file of [...files, ...(await drafts())]) {
      const age = await stat(file).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      )
      if (age > keptMs) await unlink(file).catch(() => {})
    }
  }

  // Those of killed processes hold a token.
  async function drafts(): Promise<string[]> {
    const names = await readdir(directory)
    return names.filter((name) => name.endsWith('.draft')).map((name) => join(directory, name))
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
        if (isHeld(state.lease, now)) return { result: undefined }
        const fence = state.fence + 1
        return {
          next: { ...state, fence, lease: { owner, fence, endsAtMs: now + ttlMs, ttlMs } },
          result: fence,
        }
      }),
    renew: (appid, { ttlMs, ...lease }) =>
      update(appid, (state) => {
        if (!holds(state, lease)) return { result: false }
        return {
          next: { ...state, lease: { ...lease, endsAtMs: Date.now() + ttlMs, ttlMs } },
          result: true,
        }
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
  return lease?.owner === owner && lease.fence === fence && isHeld(lease, Date.now())
}

/** A lease that ends later than it can have been taken was taken before the clock was set back: it is over. */
function isHeld(lease: HeldLease | undefined, nowMs: number): boolean {
  return lease !== undefined && lease.endsAtMs > nowMs && lease.endsAtMs <= nowMs + lease.ttlMs
}

/** Damage, as a full disk or a power cut leaves it, counts as nothing written; the number of the file goes on. */
function readState(text: string, number: number): State {
  // No fence can have been greater than the number of versions.
  const nothing = { ...empty.state, fence: number }
  try {
    const state = JSON.parse(text) as State
    return isWhole(state) ? state : nothing
  } catch {
    return nothing
  }
}

function isWhole({ token, lease, fence, forcedAtMs }: State): boolean {
  return (
    Number.isInteger(fence) &&
    forcedAtMs.every(Number.isFinite) &&
    (token === undefined ||
      (typeof token.accessToken === 'string' &&
        [token.savedAtMs, token.expiresInMs].every(Number.isFinite))) &&
    (lease === undefined ||
      (typeof lease.owner === 'string' && [lease.fence, lease.endsAtMs, lease.ttlMs].every(Number.isFinite)))
  )
}

function undefinedWhenMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined
  throw error
}
