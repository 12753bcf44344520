import { setTimeout as delay } from 'node:timers/promises'
import type { Simulator } from '@haoma/simulator'
import type { Service } from './services.ts'

/** One consented code, from the tap that made it. */
export interface Tap {
  /** Sent along as the client's version, so that the accountant finds the row of this tap. */
  name: string
  phoneCode: string
  /** It was sent to a process that was killed before it had answered. */
  wasInFlightAtKill: boolean
}

/** What a client knows for sure, because it was told. */
export interface Diary {
  user: string
  taps: Tap[]
  /** Every answer, in order: the code of the problem, the status, or `no answer`. */
  story: string[]
  /** The member and the last session of the answers 200. */
  acknowledged: { memberId: string; refreshToken: string }[]
  /** How it ended. */
  end: 'signed in' | 'gave up' | 'out of time'
}

export interface Crowd {
  diaries: Diary[]
  /** How many requests this service has not answered. */
  inFlight(service: Service): number
  /** Writes into the diaries whose requests die with the service. */
  noteKill(service: Service): void
  /** Resolves when everybody has come and ended. */
  everybody(): Promise<void>
  /** New people come no more; resolves when those who are there have ended. */
  finish(): Promise<void>
}

export interface CrowdParts {
  simulator: Simulator
  appid: string
  services: readonly Service[]
  /** How many sign in at once. */
  size: number
  /** How many come in all; without it people come until `finish()`. */
  most?: number
}

/** So long does somebody try. A code lives 5 minutes. */
const PATIENCE_MS = 120_000
const MOST_TAPS = 5
const ANSWER_MS = 30_000
/** Between two people of one queue: a crowd without a limit stays one that the accountant can count. */
const NEXT_PERSON_MS = 20

interface Sent {
  service: Service
  tap: Tap
}

/** People who sign in one after the other, `size` at once, each new to the service, until they are told to stop. */
export function gatherCrowd({ simulator, appid, services, size, most = Infinity }: CrowdParts): Crowd {
  const diaries: Diary[] = []
  const sent = new Set<Sent>()
  let isOpen = true
  let turn = 0

  const tapButton = (diary: Diary): Tap => {
    const { user, taps } = diary
    const detail = simulator.device.phone({ appid, user, component: 'quick', answer: 'allow' })
    if (!('code' in detail) || !detail.code) throw new Error(`no phone code: ${JSON.stringify(detail)}`)
    const tap = { name: `${user}-${taps.length}`, phoneCode: detail.code, wasInFlightAtKill: false }
    taps.push(tap)
    return tap
  }

  const ask = async (service: Service, tap: Tap, body: object): Promise<Answer> => {
    const request = { service, tap }
    sent.add(request)
    try {
      const response = await fetch(`${service.url}/v1/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(ANSWER_MS),
      })
      return { status: response.status, body: (await response.json()) as Answer['body'] }
    } catch {
      return { status: 0, body: { action: 'retry' } }
    } finally {
      sent.delete(request)
    }
  }

  const signIn = async (diary: Diary): Promise<Diary['end']> => {
    const { user } = diary
    const untilMs = Date.now() + PATIENCE_MS
    let loginCode = simulator.device.login({ appid, user }).code
    let tap = tapButton(diary)
    let pauseMs = 100
    while (Date.now() < untilMs) {
      // The next one in turn: what one process was asked, another is asked again.
      const service = services[turn++ % services.length] as Service
      const client = { deviceId: `device-${user}`, clientVersion: tap.name }
      const { status, body } = await ask(service, tap, { appid, loginCode, phoneCode: tap.phoneCode, client })
      diary.story.push(body.code ?? (status ? String(status) : 'no answer'))
      if (status === 200 && body.member && body.session) {
        diary.acknowledged.push({ memberId: body.member.id, refreshToken: body.session.refreshToken })
        return 'signed in'
      }
      if (body.action === 'login-again') loginCode = simulator.device.login({ appid, user }).code
      else if (body.action === 'tap-again' && diary.taps.length < MOST_TAPS) tap = tapButton(diary)
      else if (body.action !== 'retry') return 'gave up'
      await delay(pauseMs)
      pauseMs = Math.min(2 * pauseMs, 1000)
    }
    return 'out of time'
  }

  const queue = async () => {
    while (isOpen && diaries.length < most) {
      const user = `person-${diaries.length}`
      const diary: Diary = { user, taps: [], story: [], acknowledged: [], end: 'out of time' }
      diaries.push(diary)
      diary.end = await signIn(diary)
      await delay(NEXT_PERSON_MS)
    }
  }
  const queues = Array.from({ length: size }, queue)
  const everybody = async () => void (await Promise.all(queues))
  // Whoever waits for the end hears of what went wrong.
  for (const each of queues) each.catch(() => {})

  return {
    diaries,
    inFlight: (service) => [...sent].filter((request) => request.service === service).length,
    noteKill: (service) => {
      for (const request of sent) if (request.service === service) request.tap.wasInFlightAtKill = true
    },
    everybody,
    finish: () => {
      isOpen = false
      return everybody()
    },
  }
}

interface Answer {
  status: number
  body: {
    code?: string
    action?: string
    member?: { id: string }
    session?: { refreshToken: string }
  }
}
