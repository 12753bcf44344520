import { setTimeout as delay } from 'node:timers/promises'
import { explain } from './failure.ts'

/**
 * Registers something to close when the command ends. What was registered last is closed first.
 *
 * @param withinMs - How long it may take, in milliseconds. Default is 5000.
 */
export type Defer = (close: () => unknown, withinMs?: number) => void

/** Long enough for whatever has nothing to wait for. */
export const usualCloseMs = 5_000

/**
 * Runs a command that serves until Ctrl-C: `begin` starts things and defers their closing; SIGINT or SIGTERM closes
 * them all and the process exits with 0. What goes wrong at the start is explained and exits with 1. A second Ctrl-C ends at once.
 */
export async function serveUntilStopped(begin: (defer: Defer) => Promise<void>): Promise<void> {
  const closers: { close: () => unknown; withinMs: number }[] = []
  const close = async () => {
    for (const { close, withinMs } of closers.splice(0).reverse()) {
      await Promise.race([close(), delay(withinMs)])
    }
  }
  let stopping = false
  const stop = (): void => {
    if (stopping) process.exit(130)
    stopping = true
    console.log('\n正在停止 · stopping …')
    void close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  try {
    await begin((closer, withinMs = usualCloseMs) => closers.push({ close: closer, withinMs }))
  } catch (error) {
    await close()
    console.error(explain(error))
    process.exit(1)
  }
}
