import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AliyunSmsSettings, TencentSmsSettings } from '../../src/ways/sms/providers/settings.ts'

/** An SMS that the stand-in took. */
export interface TakenSms {
  provider: 'tencent' | 'aliyun'
  /** As the provider was given it. */
  to: string
  template: string
  signName: string | undefined
  /** Values of the template's variables, in order. */
  values: string[]
}

/** What the stand-in does with the next request. */
export type NextSms =
  /** Answers with the provider's own code of error; nothing goes out. */
  | { fail: string; message?: string }
  /** Takes the request and closes the connection: before the SMS goes out, or after it. */
  | { drop: 'before' | 'after' }
  /** Holds the answer back until it is let go. */
  | { hold: Promise<void> }
  /** An answer that is none of the provider's. */
  | { status: number; text: string }

/** Tencent Cloud and Aliyun, as far as the sending of one SMS goes, on this machine. */
export interface SmsProviders {
  url: string
  /** What went out, oldest first. */
  taken: TakenSms[]
  /** How often it was asked. */
  asked(): number
  next(...what: NextSms[]): void
  tencent: TencentSmsSettings
  aliyun: AliyunSmsSettings
  close(): Promise<void>
}

const secretId = 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE'
const secretKey = 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE'
const CLOCK_MS = 5 * 60_000

/** @param now - The providers' clock. Default is the machine's. */
export async function startSmsProviders({ now = () => Date.now() } = {}): Promise<SmsProviders> {
  const taken: TakenSms[] = []
  const plan: NextSms[] = []
  let asked = 0

  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy())
  })
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    asked += 1
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString('utf8')
    const isTencent = request.headers['x-tc-action'] !== undefined
    const provider = isTencent ? tencentSide(request, body, now()) : aliyunSide(request, body, now())
    const next: NextSms | undefined = plan.shift()
    const send = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(typeof value === 'string' ? value : JSON.stringify(value))
    }
    if (provider.refused) return send(...provider.failure(provider.refused, ''))
    if (next && 'fail' in next) return send(...provider.failure(next.fail, next.message ?? ''))
    if (next && 'status' in next) return send(next.status, next.text)
    if (next && 'drop' in next && next.drop === 'before') return response.destroy()
    if (next && 'hold' in next) await next.hold
    taken.push(provider.sms())
    if (next && 'drop' in next) return response.destroy()
    return send(200, provider.success(`ref-${taken.length}`))
  }
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const account = { secretId, secretKey, signName: '号码', endpoint: url }
  return {
    url,
    taken,
    asked: () => asked,
    next: (...what) => void plan.push(...what),
    tencent: { ...account, kind: 'tencent', sdkAppId: '1400006666', templateId: '1110' },
    aliyun: { ...account, kind: 'aliyun', templateId: 'SMS_154950909' },
    close: () => {
      server.closeAllConnections()
      return new Promise((closed) => server.close(() => closed()))
    },
  }
}

interface ProviderSide {
  /** Why the request itself is not taken. */
  refused: string | undefined
  failure(code: string, message: string): [status: number, body: unknown]
  success(ref: string): unknown
  sms(): TakenSms
}

function tencentSide(request: IncomingMessage, body: string, nowMs: number): ProviderSide {
  const { headers } = request
  const fields = body === '' ? {} : JSON.parse(body)
  const isRequestError = (code: string) => /^(AuthFailure|RequestLimit|Internal|Unauthorized)/.test(code)
  return {
    refused: tencentFault(headers, body, nowMs),
    // Faults of the request stand in `Error`, those of a number in its status; both with 200.
    failure: (Code, Message) => [
      200,
      {
        Response: isRequestError(Code)
          ? { Error: { Code, Message }, RequestId: 'q' }
          : { SendStatusSet: [{ SerialNo: '', Code, Message, Fee: 0 }], RequestId: 'q' },
      },
    ],
    success: (SerialNo) => ({
      Response: {
        SendStatusSet: [
          { SerialNo, PhoneNumber: fields.PhoneNumberSet[0], Fee: 1, Code: 'Ok', Message: 'send success' },
        ],
        RequestId: 'q',
      },
    }),
    sms: () => ({
      provider: 'tencent',
      to: fields.PhoneNumberSet[0],
      template: fields.TemplateId,
      signName: fields.SignName,
      values: fields.TemplateParamSet,
    }),
  }
}

/** The signature worked out again from what came, byte by byte, by the provider's page. */
function tencentFault(headers: IncomingMessage['headers'], body: string, nowMs: number): string | undefined {
  const [, id, date, signed = '', signature] =
    /^TC3-HMAC-SHA256 Credential=([^/]+)\/([\d-]+)\/sms\/tc3_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? []
  if (id !== secretId) return 'AuthFailure.SecretIdNotFound'
  const timestampS = Number(headers['x-tc-timestamp'])
  if (Math.abs(timestampS * 1000 - nowMs) > CLOCK_MS) return 'AuthFailure.SignatureExpire'
  if (headers['x-tc-version'] !== '2021-01-11' || !headers['x-tc-region']) return 'MissingParameter'
  let canonical = 'POST\n/\n\n'
  for (const name of signed.split(';')) canonical += `${name}:${String(headers[name]).toLowerCase()}\n`
  canonical += `\n${signed}\n${hash(body)}`
  const text = `TC3-HMAC-SHA256\n${timestampS}\n${date}/sms/tc3_request\n${hash(canonical)}`
  const ofDate = createHmac('sha256', `TC3${secretKey}`).update(String(date)).digest()
  const ofService = createHmac('sha256', ofDate).update('sms').digest()
  const key = createHmac('sha256', ofService).update('tc3_request').digest()
  return mac(key, text) === signature ? undefined : 'AuthFailure.SignatureFailure'
}

function aliyunSide(request: IncomingMessage, body: string, nowMs: number): ProviderSide {
  const fields = new URLSearchParams(body)
  return {
    refused: aliyunFault(request.headers, body, nowMs),
    failure: (Code, Message) => [/^is[vp]\./.test(Code) ? 200 : 400, { Code, Message, RequestId: 'q' }],
    success: (BizId) => ({ Code: 'OK', Message: 'OK', BizId, RequestId: 'q' }),
    sms: () => ({
      provider: 'aliyun',
      to: fields.get('PhoneNumbers') ?? '',
      template: fields.get('TemplateCode') ?? '',
      signName: fields.get('SignName') ?? undefined,
      values: Object.values(JSON.parse(fields.get('TemplateParam') ?? '{}')),
    }),
  }
}

function aliyunFault(headers: IncomingMessage['headers'], body: string, nowMs: number): string | undefined {
  const [, id, signed = '', signature] =
    /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? []
  if (id !== secretId) return 'InvalidAccessKeyId.NotFound'
  const atMs = Date.parse(String(headers['x-acs-date']))
  if (!(Math.abs(atMs - nowMs) <= CLOCK_MS)) return 'InvalidTimeStamp.Expired'
  const needed = ['host', 'x-acs-action', 'x-acs-content-sha256', 'x-acs-date', 'x-acs-signature-nonce']
  if (!needed.every((name) => signed.split(';').includes(name))) return 'IncompleteSignature'
  if (headers['x-acs-content-sha256'] !== hash(body)) return 'SignatureDoesNotMatch'
  const lines = signed.split(';').map((name) => `${name}:${headers[name]}\n`)
  const canonical = `POST\n/\n\n${lines.join('')}\n${signed}\n${hash(body)}`
  const expected = mac(Buffer.from(secretKey), `ACS3-HMAC-SHA256\n${hash(canonical)}`)
  return expected === signature ? undefined : 'SignatureDoesNotMatch'
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex')
const mac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest('hex')
