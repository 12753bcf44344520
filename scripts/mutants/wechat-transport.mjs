const src = 'packages/wechat/src'
const transports = [`${src}/transport/transport.test.ts`]
const hosts = [`${src}/transport/hosts.test.ts`]
const answers = [`${src}/answers.test.ts`]
const options = [`${src}/options.test.ts`]
const calls = [`${src}/generic-call.test.ts`]
const numbers = [`${src}/phone-number/e164.test.ts`]
const encrypted = [`${src}/encrypted-data/encrypted-data.test.ts`]

/** Faults in what carries a call, reads its answer, keeps its secrets and checks its input. */
export const mutants = [
  {
    file: `${src}/transport/fetch.ts`,
    find: "redirect: 'manual'",
    replace: "redirect: 'error'",
    // Its test in workerd bundles the source from the disk, which a fault does not reach.
    tests: transports,
    why: 'no call works in Workers',
  },
  {
    file: `${src}/transport/fetch.ts`,
    find: 'if (length > maxBodyBytes) {',
    replace: 'if (length < 0) {',
    tests: transports,
    why: 'an endless answer fills the memory (fetch)',
  },
  {
    file: `${src}/transport/undici.ts`,
    find: 'if (length > maxBodyBytes) return',
    replace: 'if (length < 0) return',
    tests: transports,
    why: 'an endless answer fills the memory (undici)',
  },
  {
    file: `${src}/transport/undici.ts`,
    find: '{ maxOutputLength: maxBodyBytes }',
    replace: '{}',
    tests: transports,
    why: 'a packed answer unpacks without end',
  },
  {
    file: `${src}/transport/undici.ts`,
    find: 'body: withoutByteOrderMark(bytes.toString())',
    replace: 'body: bytes.toString()',
    tests: transports,
    why: 'the two transports give different texts of one answer',
  },
  {
    file: `${src}/transport/undici.ts`,
    find: '{ requestSent: controller !== undefined }',
    replace: '{ requestSent: false }',
    tests: transports,
    why: 'a code that was sent is told as not sent, and is spent twice',
  },
  {
    file: `${src}/transport/hosts.ts`,
    find: "error.code === 'ERR_WX_NOT_SENT'",
    replace: '!error.requestSent',
    tests: hosts,
    why: 'a call that waits for a connection sends a healthy host to rest',
  },
  {
    file: `${src}/transport/hosts.ts`,
    find: 'if (host.restsUntilMs !== undefined) host.restsUntilMs = nowMs + restMs',
    replace: '',
    tests: hosts,
    why: 'all calls try a dead host at once when its rest is over',
  },
  {
    file: `${src}/transport/hosts.ts`,
    find: 'let failure: unknown',
    replace: "let failure: unknown = new WxTransportError('ERR_WX_TIMEOUT', { requestSent: false })",
    tests: hosts,
    why: 'every call pays for an error, stack and all, before anything failed',
  },
  {
    file: `${src}/transport/guard.ts`,
    find: '{ requestSent: true, cause: plainCause(error) }',
    replace: '{ requestSent: false, cause: plainCause(error) }',
    tests: answers,
    why: 'a failure of a transport of the user lets a code be sent again',
  },
  {
    file: `${src}/transport/plain-cause.ts`,
    find: ".replace(/\\?[^\\s'\")]+/g, '?…')",
    replace: '',
    tests: answers,
    why: 'a cause shows the query with its token',
  },
  {
    file: `${src}/internal/read-answer.ts`,
    find: 'return status >= 200 && status < 300',
    replace: 'return status < 400',
    tests: answers,
    why: 'a redirect with an object counts as a success',
  },
  {
    file: `${src}/internal/read-answer.ts`,
    find: 'if (!Number.isInteger(number)) throw',
    replace: 'if (false) throw',
    tests: answers,
    why: 'an errcode that nobody can read becomes errcode NaN',
  },
  {
    file: `${src}/session/code2session.ts`,
    find: "value.trim() !== ''",
    replace: 'value !== undefined',
    tests: answers,
    why: 'everybody with an empty openid is one and the same user',
  },
  {
    file: `${src}/phone-number/get-phone-number.ts`,
    find: 'watermark.appid !== appid) {',
    replace: 'watermark.appid === appid + 1) {',
    tests: answers,
    why: 'a number of another mini program is taken',
  },
  {
    file: `${src}/internal/read-binary.ts`,
    find: '|| jsonStart.test(head)',
    replace: '',
    tests: calls,
    why: 'an error is handed out as a picture',
  },
  {
    file: `${src}/generic-call.ts`,
    find: 'const pathShape = /^(?:\\/\\w[\\w.-]*)+$/',
    replace: 'const pathShape = /^(?:\\/[\\w.-]+)+$/',
    tests: calls,
    why: 'dots lead around the paths that take no token',
  },
  {
    file: `${src}/internal/check.ts`,
    find: 'value > 0 && value <= maxTimeMs',
    replace: 'value > 0',
    tests: options,
    why: 'a time too long for a timer ends a call at once, with its code spent',
  },
  {
    file: `${src}/pasted.ts`,
    find: "if (realSecret.test(appid)) throw swapped(name, 'an AppSecret', 'AppSecret')",
    replace: '',
    tests: options,
    why: 'an AppSecret in the place of the appid is taken, and shown wherever appids are',
  },
  {
    file: `${src}/pasted.ts`,
    find: 'if (kind.test(text))',
    replace: 'if (kind.test(name))',
    tests: options,
    why: 'a zero-width space in a secret becomes errcode 40125 and a long search',
  },
  {
    file: `${src}/phone-number/e164.ts`,
    find: 'if (text === undefined || !/^\\+?\\d*$/.test(text)) return undefined',
    replace: 'if (text === undefined) return undefined',
    tests: numbers,
    why: 'a masked number becomes somebody else',
  },
  {
    file: `${src}/phone-number/e164.ts`,
    find: 'if (isInternational) return rest',
    replace: '',
    tests: numbers,
    why: 'a number that carries its country gets it twice',
  },
  {
    file: `${src}/encrypted-data/decrypt-data.ts`,
    find: 'if (decrypted === undefined || padding === 0) throw',
    replace: 'if (decrypted === undefined) throw',
    tests: encrypted,
    why: 'data without its padding is taken for whole',
  },
]
