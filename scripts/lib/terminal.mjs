// What the scripts print: one progress line a step, alive on a terminal, quiet in a log.
const tty = process.stdout.isTTY && !process.env.CI
const started = performance.now()

const paint = {
  dim: (text) => (tty ? `\x1b[2m${text}\x1b[0m` : text),
  green: (text) => (tty ? `\x1b[32m${text}\x1b[0m` : text),
  red: (text) => (tty ? `\x1b[31m${text}\x1b[0m` : text),
  yellow: (text) => (tty ? `\x1b[33m${text}\x1b[0m` : text),
}

const seconds = (sinceMs) => `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`

/** Runs `work`, showing `label` with the time it takes. */
export async function step(label, work) {
  const from = performance.now()
  if (!tty) console.log(`· ${label} …`)
  const timer = setInterval(
    () => {
      if (tty) process.stdout.write(`\r\x1b[2K· ${label} … ${paint.dim(seconds(from))}`)
      else console.log(`· ${label} … ${seconds(from)}`)
    },
    tty ? 100 : 15_000,
  )
  try {
    const result = await work()
    const line = `${paint.green('✓')} ${label} ${paint.dim(seconds(from))}`
    process.stdout.write(tty ? `\r\x1b[2K${line}\n` : `${line}\n`)
    return result
  } catch (error) {
    process.stdout.write(`${tty ? '\r\x1b[2K' : ''}${paint.red('✗')} ${label} ${paint.dim(seconds(from))}\n`)
    throw error
  } finally {
    clearInterval(timer)
  }
}

/** An error whose text is all that a person needs; no stack is shown. */
export class Stop extends Error {}

/** Runs a script's `main`: a {@link Stop} prints its text, anything else its stack; both exit 1. */
export async function runMain(main) {
  try {
    await main()
  } catch (error) {
    console.error(error instanceof Stop ? `\n${paint.red(error.message)}` : error)
    process.exitCode = 1
  }
}

export const totalTime = () => seconds(started)
