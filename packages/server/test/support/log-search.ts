/** Names under which secrets travel on our wire and on WeChat's. */
const secretFields = new Set([
  'accessToken',
  'access_token',
  'appSecret',
  'csrf',
  'clientSecret',
  'e164',
  'loginCode',
  'number',
  'phoneCode',
  'phone_number',
  'password',
  'newPassword',
  'refreshToken',
  'secret',
  'ticket',
  'token',
])

/** Shorter ones are words, not secrets. */
const SHORTEST_SECRET = 11
/** A Chinese mobile number in full, with or without its country, on its own. */
const fullNumber = /(?<![\w.-])(?:\+?86)?1[3-9]\d{9}(?![\w.-])/

/**
 * Remembers every secret that goes in or out of a service and says where one of them, or any full number, stands in its
 * log.
 */
export interface LogSearch {
  secret(name: string, value: unknown): void
  /** Watches a handler, both ways. */
  watch<Rest extends unknown[]>(
    fetch: (request: Request, ...rest: Rest) => Promise<Response>,
  ): (request: Request, ...rest: Rest) => Promise<Response>
  /** @throws {Error} Naming what was found, without repeating it. */
  check(log: string): void
}

export function createLogSearch(): LogSearch {
  const secrets = new Map<string, string>()

  const secret = (name: string, value: unknown) => {
    if (typeof value === 'string' && value.length >= SHORTEST_SECRET) secrets.set(value, name)
  }
  const harvest = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [name, inner] of Object.entries(value)) {
      if (secretFields.has(name)) secret(name, inner)
      harvest(inner)
    }
  }
  const read = async (message: Request | Response): Promise<void> => {
    if (!message.headers.get('content-type')?.includes('json') || message.body === null) return
    const text = await message
      .clone()
      .text()
      .catch(() => '')
    try {
      harvest(JSON.parse(text))
    } catch {
      // What is not JSON has no fields.
    }
  }

  return {
    secret,
    watch:
      (fetch) =>
      async (request, ...rest) => {
        const authorization = request.headers.get('authorization') ?? ''
        secret('authorization', authorization.split(' ')[1])
        await read(request)
        const response = await fetch(request, ...rest)
        await read(response)
        return response
      },
    check: (log) => {
      for (const [value, name] of secrets) {
        if (log.includes(value)) throw new Error(`the log holds a secret: ${name}`)
      }
      const line = log.split('\n').find((text) => fullNumber.test(text))
      if (line) throw new Error(`the log holds a full number: ${line.replace(/\d/g, '#').slice(0, 300)}`)
    },
  }
}
