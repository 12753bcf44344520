import type { LocatorLike, PageLike } from './structural.ts'

/** One line of the console strip. */
export interface ConsoleLine {
  level: 'log' | 'info' | 'warn' | 'error' | 'debug' | 'unsupported' | 'request'
  text: string
}

/** What the console strip shows, oldest line first. */
export async function readConsole(page: PageLike): Promise<ConsoleLine[]> {
  const lines = await page.locator('[data-testid="console"] li[data-level]').all()
  return Promise.all(
    lines.map(async (line) => ({
      level: (await line.getAttribute('data-level')) as ConsoleLine['level'],
      text: ((await line.locator('.what').textContent()) ?? '').trim(),
    })),
  )
}

/** WeChat's own dialogs stand over the mini program and are no part of its page. */
async function readDialogs(page: PageLike): Promise<string> {
  const dialogs = await page.locator('[data-testid^="haoma-"]').filter({ visible: true }).all()
  return (await Promise.all(dialogs.map((dialog) => dialog.innerText({ timeout: readingMs })))).join('\n')
}

const mostLines = 20

/** What is there already is read at once; but a busy machine may take longer than the caller wanted to wait. */
const readingMs = 2000

/** Waits; whoever waited in vain is told what the phone showed instead, and what went wrong on it. */
export async function orTell(waiting: Promise<void>, page: PageLike, screen: LocatorLike): Promise<void> {
  try {
    await waiting
  } catch (error) {
    const nothing = () => ''
    const lines = await readConsole(page).catch(() => [])
    const told = [
      (error as Error).message,
      '页面上是 · The page shows:',
      await screen.innerText({ timeout: readingMs }).catch(nothing),
      '微信的弹窗 · WeChat’s dialogs:',
      await readDialogs(page).catch(nothing),
      '控制台 · Console:',
      ...lines.slice(-mostLines).map(({ level, text }) => `  ${level} ${text}`),
    ]
    throw new Error(told.join('\n'), { cause: error })
  }
}
