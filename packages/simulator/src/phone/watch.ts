import { type FSWatcher, watch } from 'node:fs'
import { basename, dirname } from 'node:path'

/** A build writes many files; they count as one change when they come this close together. */
const quietMs = 150
const retryMs = 1000

/**
 * Calls back once per burst of changes below a folder. The folder may be missing, or vanish and come back
 * (a clean build does that).
 *
 * @returns A function that stops watching.
 */
export function watchFolder(folder: string, onChange: () => void): () => void {
  let watcher: FSWatcher | undefined
  let quiet: NodeJS.Timeout | undefined
  let retry: NodeJS.Timeout | undefined

  const changed = () => {
    clearTimeout(quiet)
    quiet = setTimeout(onChange, quietMs)
    quiet.unref()
  }
  const later = () => {
    watcher?.close()
    watcher = undefined
    clearTimeout(retry)
    retry = setTimeout(() => start(true), retryMs)
    retry.unref()
  }
  const start = (again: boolean) => {
    try {
      watcher = watch(folder, { recursive: true, persistent: false })
    } catch {
      later()
      return
    }
    watcher.on('error', later)
    watcher.on('change', (event, name) => {
      changed()
      // The folder itself was removed or renamed: what is watched now is no longer at its path.
      if (event === 'rename' && name === basename(folder)) later()
    })
    if (again) changed()
  }
  const parent = watchParent(folder, () => {
    changed()
    later()
  })
  start(false)

  return () => {
    clearTimeout(quiet)
    clearTimeout(retry)
    watcher?.close()
    parent?.close()
  }
}

function watchParent(folder: string, onReplaced: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(dirname(folder), { persistent: false }, (_, name) => {
      if (name === basename(folder)) onReplaced()
    })
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    return undefined
  }
}
