import type { Clock } from '../clock.ts'
import { isWxError } from '../errors/index.ts'
import type { Endpoint } from '../internal/endpoint.ts'
import { diagnosticsChannel } from './diagnostics.ts'

/** One call that is being watched. */
export interface Observed {
  /** @param error - what the call failed with, if it did */
  end(error: unknown): void
}

/** Where the SDK tells what it does. No event holds a secret, a code or a number. */
export interface Telemetry {
  /** Gives `undefined` when nobody watches, so that an unwatched call costs nothing. */
  begin(appid: string | undefined, endpoint: Endpoint): Observed | undefined
  /** Tells of something that is not a request. */
  emit(name: EventName, details: Readonly<Record<string, unknown>>): void
}

const eventNames = [
  'token.refreshed',
  'token.refresh-failed',
  'token.budget-exceeded',
  'circuit.opened',
  'store.down',
  'store.recovered',
] as const

/** Events beside `request` and `response`. */
export type EventName = (typeof eventNames)[number]

/**
 * Publishes on the diagnostics channels `haoma.wechat.*`.
 *
 * @param clock - measures how long a request took
 */
export function createTelemetry(clock: Clock): Telemetry {
  const requests = diagnosticsChannel('request')
  const responses = diagnosticsChannel('response')
  const events = new Map(eventNames.map((name) => [name, diagnosticsChannel(name)]))

  function begin(appid: string | undefined, endpoint: Endpoint): Observed | undefined {
    if (!requests.hasSubscribers && !responses.hasSubscribers) return undefined
    const { path, method } = endpoint
    const startedAtMs = clock.monotonic()
    requests.publish({ appid, path, method })
    return {
      end(error) {
        const durationMs = clock.monotonic() - startedAtMs
        responses.publish({ appid, path, method, durationMs, error: isWxError(error) ? error : undefined })
      },
    }
  }

  return {
    begin,
    emit(name, details) {
      const channel = events.get(name)
      if (channel?.hasSubscribers) channel.publish(details)
    },
  }
}
