import type { EventRecord } from '../stores/event-store.ts'
import type { WebhookEndpoint } from '../stores/webhook-store.ts'

/** What is told, and when. */
export const webhookEvents = {
  'member.created': 'a member is seen for the first time',
  'member.linked': 'a member is known by another openid or unionid too',
  'phone.bound': 'a member has a number for the first time',
  'phone.changed': 'a member has another number',
  'phone.unbound': 'a member has no number any more',
  'member.merged': 'a member became part of another: move what you keep under its id',
  'member.unmerged': 'a merge was undone: move it back',
  'member.banned': 'a member may not log in any more',
  'member.unbanned': 'a member may log in again',
  'member.erased': 'a member was erased: erase your copy',
  'session.ended': 'a session ended before its time',
  'alert.*': 'something needs an operator; these are of no member and, most of them, of no app',
} as const

const families = [...new Set(Object.keys(webhookEvents).map((type) => `${type.split('.')[0]}.*`))]

/** Everything that an endpoint may ask for. */
export const eventPatterns: readonly string[] = ['*', ...Object.keys(webhookEvents), ...families]

/** Whether this is an event, a family (`phone.*`), one alert (`alert.balance-low`), or all (`*`). */
export function isEventPattern(text: string): boolean {
  return eventPatterns.includes(text) || /^alert\.[a-z][a-z-]*$/.test(text)
}

/** Whether an endpoint asked for this event. */
export function wants(
  { events, appids }: Pick<WebhookEndpoint, 'events' | 'appids'>,
  { type, appid }: Pick<EventRecord, 'type' | 'appid'>,
): boolean {
  const isOfType = events.some(
    (pattern) => pattern === '*' || pattern === type || pattern === `${type.split('.')[0]}.*`,
  )
  return isOfType && (appids === null || appid === null || appids.includes(appid))
}
