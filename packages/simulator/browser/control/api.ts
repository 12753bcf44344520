import { language } from './settings.ts'

/** What the simulator said no to, or that it is gone; the message is in the page's language. */
export class ControlError extends Error {
  override readonly name = 'ControlError'
  readonly isGone: boolean

  constructor(message: string, isGone: boolean) {
    super(message)
    this.isGone = isGone
  }
}

const GONE = { zh: '模拟器没有回应，请确认它正在运行。', en: 'The simulator does not answer. Is it running?' }

const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
  const headers = { 'content-type': 'application/json' }
  const init = body ? { method, headers, body: JSON.stringify(body) } : { method }
  const response = await fetch(`/_control/${path}`, init).catch(() => {
    throw new ControlError(GONE[language.value], true)
  })
  const answer = await response.json()
  if (response.ok) return answer
  throw new ControlError(answer.error?.[language.value] ?? `HTTP ${response.status}`, false)
}

export const api = {
  get: <T>(path: string) => call<T>('GET', path),
  post: <T>(path: string, body: object) => call<T>('POST', path, body),
  remove: (path: string) => call<unknown>('DELETE', path),
}
