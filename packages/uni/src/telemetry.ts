import type { ClientFacts, PhoneComponent, TelemetryEvent, TelemetryRequest } from '@haoma/protocol'
import { sha256 } from './sha256.ts'

/** What happened at the button. No number, no code: a code is a credential, so only its hash goes. */
export interface Noted {
  event: TelemetryEvent['event']
  component?: PhoneComponent | undefined
  ending?: string | undefined
  durationMs?: number | undefined
  phoneCode?: string
}

interface TelemetryParts {
  appid: string
  client: ClientFacts
  send(batch: TelemetryRequest): Promise<unknown>
}

/** Larger batches go at once; smaller ones wait for the next call or until the page is hidden. */
const fullBatch = 20
/** Older events are dropped first when nothing gets through. */
const mostKept = 100

/** Collects what happened and sends it in batches. Never waited for, never a reason for anything to fail. */
export function createTelemetry({ appid, client, send }: TelemetryParts) {
  let waiting: (Omit<TelemetryEvent, 'agoMs'> & { atMs: number })[] = []
  let isSending = false

  async function flush() {
    if (isSending || waiting.length === 0) return
    isSending = true
    const batch = waiting
    waiting = []
    const nowMs = Date.now()
    const events = batch.map(({ atMs, ...event }) => ({ ...event, agoMs: Math.max(0, nowMs - atMs) }))
    try {
      await send({ batchId: randomId(), appid, client, events })
    } catch {
      waiting = [...batch, ...waiting].slice(-mostKept)
    }
    isSending = false
  }

  return {
    note({ phoneCode, ...noted }: Noted) {
      const event = { ...noted, atMs: Date.now(), ...(phoneCode && { codeHash: sha256(phoneCode) }) }
      waiting = [...waiting, JSON.parse(JSON.stringify(event))].slice(-mostKept)
      if (waiting.length >= fullBatch) void flush()
    },
    flush: () => void flush(),
  }
}

/** Not a secret: names a batch or a device. */
export function randomId(): string {
  let id = ''
  while (id.length < 24) id += Math.random().toString(36).slice(2)
  return id.slice(0, 24)
}
