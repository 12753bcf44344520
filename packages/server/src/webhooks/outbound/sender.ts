import { lookup as resolveName } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent } from 'undici'
import { deadlineIn } from '../../kernel/deadline.ts'
import type { AddressRules } from './addresses.ts'

/** How a request to somebody's server went. An answer of any status is an answer. */
export interface Sent {
  /** `null` when no answer came. */
  status: number | null
  /** Why no answer came, in a word or two; never an address or a secret. */
  error: string | null
  durationMs: number
  /** The first characters of the answer. */
  response: string | null
}

/** Sends to addresses that strangers chose, by the rules for those. */
export interface Sender {
  /** Never throws: what went wrong is in the result. */
  post(url: string, headers: Record<string, string>, body: string): Promise<Sent>
  close(): Promise<void>
}

export interface SenderParts {
  rules: AddressRules
  /** The longest that one request may take, in milliseconds, with connection and answer. */
  timeoutMs: number
  /** Finds the addresses of a name. Default is the system's. */
  resolve?: typeof resolveName
}

/** No more of an answer is read than this; what does the work of an answer is its status. */
const READ_BYTES = 16_384
const KEPT_CHARACTERS = 500

/** A name or an address that leads where the service must not go. */
class RefusedAddressError extends Error {
  readonly code = 'REFUSED_ADDRESS'
}

/**
 * Resolves, checks, and connects to the very address it checked, so that a name cannot be checked as one place and
 * connected to as another. Redirects are answers, not orders. Plain HTTP goes to networks that are allowed by name only.
 */
export function createSender({ rules, timeoutMs, resolve = resolveName }: SenderParts): Sender {
  const agentOf = (mayConnect: (address: string) => boolean) =>
    new Agent({
      connect: { timeout: timeoutMs, lookup: checkedLookup(resolve, mayConnect) },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      maxHeaderSize: READ_BYTES,
    })
  const secure = { agent: agentOf(rules.mayConnect), mayConnect: rules.mayConnect }
  const plain = { agent: agentOf(rules.isAllowed), mayConnect: rules.isAllowed }

  return {
    post: async (address, headers, body) => {
      const spent = deadlineIn(timeoutMs)
      const durationMs = () => Math.round(timeoutMs - spent.leftMs)
      try {
        const url = new URL(address)
        const { agent, mayConnect } = url.protocol === 'https:' ? secure : plain
        // A literal address is never looked up.
        const literal = url.hostname.replace(/^\[|\]$/g, '')
        if (isIP(literal) && !mayConnect(literal)) throw new RefusedAddressError()
        const answer = await agent.request({
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          method: 'POST',
          headers,
          body,
          signal: AbortSignal.timeout(timeoutMs),
        })
        const response = await firstCharacters(answer.body)
        return { status: answer.statusCode, error: null, durationMs: durationMs(), response }
      } catch (error) {
        return { status: null, error: reasonOf(error), durationMs: durationMs(), response: null }
      }
    },
    close: async () => {
      await Promise.all([secure.agent.close(), plain.agent.close()])
    },
  }
}

/** One address out of bounds refuses the whole name: a name that leads both ways is a trap. */
function checkedLookup(
  resolve: typeof resolveName,
  mayConnect: (address: string) => boolean,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? []
      if (error || first === undefined) return callback(error ?? new Error('no address'), [])
      if (!addresses.every(({ address }) => mayConnect(address)))
        return callback(new RefusedAddressError(), [])
      if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

/** What came until now is enough when the answer breaks off or does not end. */
async function firstCharacters(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes >= READ_BYTES) break
    }
  } catch {
    // The status has come, and it decides.
  }
  // PostgreSQL takes no text with a NUL in it.
  return Buffer.concat(chunks).toString('utf8').replaceAll('\0', '').slice(0, KEPT_CHARACTERS)
}

const reasons: Record<string, string> = {
  REFUSED_ADDRESS: 'address not allowed',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  UND_ERR_SOCKET: 'connection closed without an answer',
  ENOTFOUND: 'name not found',
  EAI_AGAIN: 'name not found for now',
  EHOSTUNREACH: 'host not reachable',
  ENETUNREACH: 'network not reachable',
  UND_ERR_CONNECT_TIMEOUT: 'timed out',
  UND_ERR_HEADERS_TIMEOUT: 'timed out',
  ETIMEDOUT: 'timed out',
  ERR_INVALID_URL: 'invalid address',
  UND_ERR_HEADERS_OVERFLOW: 'headers too large',
}

function reasonOf(error: unknown): string {
  const { code, name, errors } = error as { code?: unknown; name?: string; errors?: { code?: string }[] }
  if (name === 'TimeoutError' || name === 'AbortError') return 'timed out'
  const known = String(code ?? errors?.[0]?.code ?? name ?? 'unknown')
  return reasons[known] ?? known
}
