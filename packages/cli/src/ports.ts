import { createServer } from 'node:net'
import { Failure } from './failure.ts'

/** @throws {Failure} When the text is no port. */
export function readPort(text: string, name: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port >= 1 && port <= 65535) return port
  throw new Failure([`${name} 应为 1 到 65535 的整数。`, `${name} must be a whole number from 1 to 65535.`])
}

export interface WantedPort {
  port: number
  zh: string
  en: string
  /** How a person chooses another one, such as `HAOMA_PORT=`. */
  setting: string
}

/**
 * Sees that every port can be listened on, before anything is started.
 *
 * @throws {Failure} Naming each port that cannot, what it is for, and how to choose another.
 */
export async function requireFreePorts(
  wanted: readonly WantedPort[],
  host: string | undefined,
): Promise<void> {
  const problems: { zh: string; en: string }[] = []
  const seen = new Map<number, WantedPort>()
  for (const want of wanted) {
    const other = seen.get(want.port)
    seen.set(want.port, want)
    const why = other ? 'SAME' : await whyNot(want.port, host)
    if (why) problems.push(explain(want, why, other))
  }
  if (problems.length === 0) return
  throw new Failure([...problems.map(({ zh }) => zh), ...problems.map(({ en }) => en)])
}

function whyNot(port: number, host: string | undefined): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'UNKNOWN'))
    probe.listen({ port, ...(host !== undefined && { host }) }, () => probe.close(() => resolve(undefined)))
  })
}

function explain({ port, zh, en, setting }: WantedPort, why: string, other: WantedPort | undefined) {
  const free = port + 100 <= 65535 ? port + 100 : port - 100
  const reasons: Record<string, [zh: string, en: string]> = {
    EADDRINUSE: ['已被其他程序占用，请先停掉它', 'is taken by another program; stop that one'],
    EACCES: ['没有权限监听', 'may not be listened on by this user'],
    SAME: [`与${other?.zh}的端口相同`, `is the same as the port of ${other?.en}`],
  }
  const [reasonZh, reasonEn] = reasons[why] ?? [`无法监听（${why}）`, `cannot be listened on (${why})`]
  return {
    zh: `✗ ${zh}的端口 ${port} ${reasonZh}，或换一个端口：${setting}${free}`,
    en: `✗ Port ${port} for ${en} ${reasonEn}, or choose another: ${setting}${free}`,
  }
}
