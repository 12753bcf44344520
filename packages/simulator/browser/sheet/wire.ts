import type { Language } from './texts.ts'

export type PhoneComponent = 'quick' | 'realtime'

/** What a page receives as `event.detail`: a `code` on consent, otherwise `errMsg` and perhaps `errno`. */
export interface PhoneDetail {
  errMsg: string
  code?: string
  errno?: number
  encryptedData?: string
  iv?: string
  cloudID?: string
}

/** A number as the sheet shows it: masked, foreign ones with their country code. */
export interface SheetNumber {
  id: string
  display: string
  /** Added on a sheet and kept, not bound to the WeChat account. */
  saved: boolean
  /** The number that this user gave this mini program the last time. */
  last: boolean
}

/** Which clients' look the sheet has. */
export type SheetLayout = 'desktop' | 'phone'

export interface OpenedSheet {
  sheetId: string
  layout: SheetLayout
  app: { appid: string; name: string }
  numbers: SheetNumber[]
  smsRequired: boolean
}

export type BilingualText = Record<Language, string>

/** The platform answered without showing a sheet: privacy, permission or quota. */
export interface ImmediateFailure {
  detail: PhoneDetail
  /** Absent when the button keeps it away. */
  toast?: BilingualText
  layout: SheetLayout
}

/** A refused input (a wrong SMS code); the sheet stays and the user may try again. */
export interface Refusal {
  error: BilingualText & { code: string }
}

export type PrivacyEvent = 'agree' | 'disagree' | 'query' | 'forget'

export interface PrivacyState {
  needAuthorization: boolean
  privacyContractName: string
  /** WeChat's popup was refused moments ago and stays away. */
  isPopupPaused: boolean
}

/** What is left of a user's profile, signed and encrypted. */
export interface UserInfo {
  userInfo: Record<string, unknown>
  rawData: string
  signature: string
  encryptedData: string
  iv: string
  cloudID?: string
}

interface Party {
  appid: string
  user: string
}

export interface OpenRequest extends Party {
  component: PhoneComponent
  agreePrivacy?: boolean
  noQuotaToast?: boolean
  platform: string | undefined
  baseLibrary: string | undefined
}

/** Which number, and the proof of it where one is asked for. */
export type NumberChoice = { numberId: string } | { number: string }

export interface Consent {
  choice: NumberChoice
  smsCode?: string
  save?: boolean
}

/** The simulator did not answer, or refused the request itself. Carries a text for the person at the screen. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError'
  readonly code: string
  readonly text: BilingualText

  constructor({ code, zh, en }: Refusal['error'], options?: ErrorOptions) {
    super(`${code}: ${en}`, options)
    this.code = code
    this.text = { zh, en }
  }
}

/** The simulator's device endpoints, one method each. */
export const createWire = (baseUrl: string) => {
  const send = async (path: string, body: object): Promise<{ status: number; answer: unknown }> => {
    try {
      const response = await fetch(`${baseUrl}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      return { status: response.status, answer: await response.json() }
    } catch (cause) {
      throw unreachable(baseUrl, cause)
    }
  }
  const request = async <T>(path: string, body: object): Promise<T> => {
    const { status, answer } = await send(path, body)
    if (status >= 400) throw new DeviceError(refusalIn(status, answer))
    return answer as T
  }
  /** For what a person types: status 400 is a refusal to be shown beside the field. */
  const requestTyped = async <T>(path: string, body: object): Promise<T | Refusal> => {
    const { status, answer } = await send(path, body)
    if (status > 400) throw new DeviceError(refusalIn(status, answer))
    return status === 400 ? { error: refusalIn(status, answer) } : (answer as T | Refusal)
  }

  return {
    login: (party: Party) => request<{ code: string; errMsg: string }>('/_device/login', party),
    checkSession: (party: Party) => request<{ errMsg: string }>('/_device/check-session', party),
    userInfo: (body: Party & { call: string }) => request<UserInfo>('/_device/user-info', body),
    privacy: (body: Party & { event: PrivacyEvent }) => request<PrivacyState>('/_device/privacy', body),
    open: (body: OpenRequest) => request<OpenedSheet | ImmediateFailure>('/_device/phone/open', body),
    sendSms: (sheetId: string, choice: NumberChoice) =>
      requestTyped<{ sent: true; smsCode: string }>('/_device/phone/sms', { sheetId, ...choice }),
    allow: (sheetId: string, { choice, ...proof }: Consent) =>
      requestTyped<{ detail: PhoneDetail }>('/_device/phone/answer', {
        sheetId,
        answer: 'allow',
        ...choice,
        ...proof,
      }),
    deny: (sheetId: string) =>
      request<{ detail: PhoneDetail }>('/_device/phone/answer', { sheetId, answer: 'deny' }),
    /** Said while the page is being left, when no ordinary request of another origin gets through any more. */
    abandon: (sheetId: string) => {
      navigator.sendBeacon(`${baseUrl}/_device/phone/abandon`, JSON.stringify({ sheetId }))
    },
  }
}

export type Wire = ReturnType<typeof createWire>

const unreachable = (baseUrl: string, cause: unknown): DeviceError =>
  new DeviceError(
    {
      code: 'SIMULATOR_UNREACHABLE',
      zh: `模拟器没有响应（${baseUrl}）。请重新启动它（npm start 或 npx haoma simulate，看你当初用的是哪个），然后重试。`,
      en: `The simulator does not answer at ${baseUrl}. Start it again, the way you did before (npm start or npx haoma simulate), then try again.`,
    },
    { cause },
  )

const refusalIn = (status: number, answer: unknown): Refusal['error'] =>
  (answer as Partial<Refusal> | null)?.error ?? {
    code: `HTTP_${status}`,
    zh: `模拟器拒绝了这个请求（HTTP ${status}）。`,
    en: `The simulator refused this request (HTTP ${status}).`,
  }
