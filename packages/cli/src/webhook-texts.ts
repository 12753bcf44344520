import type { DeliveryView, EndpointView, TryResult } from '@haoma/server'
import type { Row } from './table.ts'

const instant = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())

/** An endpoint as JSON gives it. */
export function endpointSummary(endpoint: EndpointView) {
  return {
    endpointId: endpoint.id,
    url: endpoint.url,
    description: endpoint.description,
    events: endpoint.events,
    apps: endpoint.appids,
    withNumber: endpoint.withNumber,
    enabled: endpoint.isEnabled,
    disabledReason: endpoint.disabledReason,
    failingSince: instant(endpoint.failingSinceMs),
    createdAt: instant(endpoint.createdAtMs),
  }
}

const offTexts = {
  'by-hand': '已停用 · off',
  failing: '连续失败一天，已停用 · off: failed for a day',
  gone: '对方返回 410，已停用 · off: the receiver answered 410',
}

export function endpointRow({ id, url, events, disabledReason, failingSinceMs }: EndpointView): Row {
  const failing = failingSinceMs === null ? '' : ` · 自 ${instant(failingSinceMs)} 起失败 · failing`
  const note = disabledReason === null ? `${events.join(',')}${failing}` : offTexts[disabledReason]
  return { label: id, value: url, note }
}

/** A delivery as JSON gives it. */
export function deliverySummary(delivery: DeliveryView) {
  return {
    deliveryId: delivery.id,
    endpointId: delivery.endpointId,
    eventId: delivery.eventId,
    type: delivery.type,
    memberId: delivery.memberId,
    memberSeq: delivery.memberSeq,
    state: delivery.state,
    breaksOrder: delivery.breaksOrder,
    attempts: delivery.attempts,
    lastStatus: delivery.lastStatus,
    lastError: delivery.lastError,
    nextAt: delivery.state === 'pending' ? instant(delivery.nextAtMs) : null,
    createdAt: instant(delivery.createdAtMs),
    deliveredAt: instant(delivery.deliveredAtMs),
  }
}

const stateTexts = {
  pending: '待发送 · pending',
  held: '等待接收方启用 · held',
  delivered: '已送达 · delivered',
  dead: '已放弃 · dead',
}

export function deliveryRow({ id, type, state, breaksOrder, attempts, lastError }: DeliveryView): Row {
  const order = breaksOrder ? '，该成员的顺序已断 · breaks the order of its member' : ''
  const note = `${stateTexts[state]}${order} ×${attempts}${lastError === null ? '' : ` (${lastError})`}`
  return { label: id, value: type, note }
}

/** How one try went, in a line. */
export function tryText({
  status,
  error,
  durationMs,
}: Pick<TryResult, 'status' | 'error' | 'durationMs'>): string {
  return `${status ?? error} ${durationMs} ms`
}
