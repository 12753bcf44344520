import type { Clock } from '../clock.ts'
import { isWxError, WxApiError } from '../errors/index.ts'
import type { Endpoint } from '../internal/endpoint.ts'
import { diagnosticsChannel } from './diagnostics.ts'
import { createOpenTelemetry } from './open-telemetry.ts'

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
 * Publishes on the diagnostics channels `haoma.wechat.*`, and makes spans and metrics when an OpenTelemetry SDK is
 * registered.
 *
 * @param clock - measures how long a request took
 */
export function createTelemetry(clock: Clock): Telemetry {
  const requests = diagnosticsChannel('request')
  const responses = diagnosticsChannel('response')
  const events = new Map(eventNames.map((name) => [name, diagnosticsChannel(name)]))
  const openTelemetry = createOpenTelemetry()

  return {
    begin(appid, { path, method }) {
      const isTraced = openTelemetry.isOn()
      if (!isTraced && !requests.hasSubscribers && !responses.hasSubscribers) return undefined
      const request = { appid, path, method }
      const startedAtMs = clock.monotonic()
      const traced = isTraced ? openTelemetry.begin(request) : undefined
      requests.publish(request)
      return {
        end(cause) {
          const durationMs = clock.monotonic() - startedAtMs
          const error = isWxError(cause) ? cause : undefined
          const errcode = error instanceof WxApiError ? error.errcode : undefined
          responses.publish({ ...request, durationMs, error })
          traced?.end({ durationMs, code: error?.code, errcode })
        },
      }
    },
    emit(name, details) {
      const channel = events.get(name)
      if (channel?.hasSubscribers) channel.publish(details)
      if (name === 'token.refreshed' && details.from === 'source') {
        openTelemetry.countRefresh('ok', String(details.appid))
      }
      if (name === 'token.refresh-failed') openTelemetry.countRefresh('failed', String(details.appid))
    },
  }
}
