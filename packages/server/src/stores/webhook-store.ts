/** Where events are sent. */
export interface WebhookEndpoint {
  id: string
  url: string
  /** For people. */
  description: string
  /** Event types it wants: names, `phone.*` for a family, `*` for all. */
  events: readonly string[]
  /** Apps whose events it wants; `null` is all of them. Events that belong to no app always come. */
  appids: readonly string[] | null
  /** Its secrets, encrypted. */
  secretsSealed: string
  /** Whether it gets full numbers. */
  withNumber: boolean
  /** While it is off nothing is sent; its deliveries are held. */
  isEnabled: boolean
  disabledReason: DisabledReason | null
  /** Since when no try succeeded; `null` while all is well. */
  failingSinceMs: number | null
  /** Place of the last event that was turned into a delivery, or passed over. */
  fromPosition: number
  createdAtMs: number
  updatedAtMs: number
}

/** `gone` is the receiver's own word (410). */
export type DisabledReason = 'by-hand' | 'failing' | 'gone'

/** `held` waits for an endpoint that is off; `dead` is given up until somebody replays it. */
export type DeliveryState = 'pending' | 'held' | 'delivered' | 'dead'

/** One event on its way to one endpoint. */
export interface WebhookDelivery {
  id: string
  endpointId: string
  eventId: string
  type: string
  memberId: string | null
  memberSeq: number | null
  state: DeliveryState
  /** Tries since it was last begun anew. */
  attempts: number
  nextAtMs: number
  /** The claim that is working on it; a settlement with another does nothing. */
  leaseOwner: string | null
  leaseUntilMs: number | null
  /** HTTP status of the last try; `null` when no answer came. */
  lastStatus: number | null
  lastError: string | null
  createdAtMs: number
  deliveredAtMs: number | null
}

/** One try, as it went. */
export interface WebhookAttempt {
  id: string
  deliveryId: string
  atMs: number
  status: number | null
  durationMs: number
  /** Why no answer counts; `null` when one came, whatever its status. */
  error: string | null
  /** The first characters of the answer. */
  response: string | null
}

export type NewDelivery = Pick<
  WebhookDelivery,
  'id' | 'endpointId' | 'eventId' | 'type' | 'memberId' | 'memberSeq' | 'state' | 'createdAtMs'
>

export interface DeliveryClaim {
  /** Unique to this claim. */
  owner: string
  leaseMs: number
  nowMs: number
}

export type DeliverySettlement = Pick<
  WebhookDelivery,
  'state' | 'lastStatus' | 'lastError' | 'deliveredAtMs'
> & {
  /** From now on; without meaning unless it stays `pending`. */
  nextInMs: number
}

export interface DeliveryCount {
  endpointId: string
  state: DeliveryState
  count: number
}

export interface WebhookStore {
  addEndpoint(endpoint: WebhookEndpoint): Promise<void>
  findEndpoint(id: string): Promise<WebhookEndpoint | undefined>
  /** All of them, oldest first. */
  listEndpoints(): Promise<WebhookEndpoint[]>
  /** Reads an endpoint and keeps others from changing it until the transaction ends. */
  lockEndpoint(id: string): Promise<WebhookEndpoint | undefined>
  changeEndpoint(id: string, change: Partial<Omit<WebhookEndpoint, 'id' | 'createdAtMs'>>): Promise<void>
  /** Its deliveries have to be gone. */
  removeEndpoint(id: string): Promise<void>
  /** Place of the last event that has one. */
  lastPosition(): Promise<number>

  /** Leaves out those that the endpoint has already: an event is delivered under one id only. */
  addDeliveries(deliveries: readonly NewDelivery[]): Promise<void>
  findDelivery(id: string): Promise<WebhookDelivery | undefined>
  /** Newest first; `beforeId` goes on behind a delivery. */
  listDeliveries(filter: {
    endpointId?: string | undefined
    state?: DeliveryState | undefined
    beforeId?: string | undefined
    limit: number
  }): Promise<WebhookDelivery[]>
  /** Whether a delivery may be due: a read, for those who ask often. */
  hasDue(nowMs: number): Promise<boolean>
  /**
   * Gives one delivery that is due to the caller. Atomic: of any number of callers at once one gets it. Never one with an
   * earlier event of its member still on its way to the endpoint, or not yet turned into a delivery.
   *
   * @param claim.exceptEndpoints - Endpoints that have enough on the way.
   */
  claimDue(
    claim: DeliveryClaim & { exceptEndpoints: readonly string[] },
  ): Promise<WebhookDelivery | undefined>
  /** Gives this delivery to the caller, due or not, whatever its state, unless somebody is working on it. */
  claimOne(id: string, claim: DeliveryClaim): Promise<WebhookDelivery | undefined>
  /** Writes down how a claimed delivery went, and counts the try. False when the claim was lost to another. */
  settle(
    delivery: { id: string; owner: string; nowMs: number },
    settlement: DeliverySettlement,
  ): Promise<boolean>
  /** Moves an endpoint's deliveries from one state to another; those that become `pending` are due at once, as new. */
  moveDeliveries(
    endpointId: string,
    move: { from: DeliveryState; to: DeliveryState; nowMs: number },
  ): Promise<number>
  addAttempt(attempt: WebhookAttempt): Promise<void>
  /** Oldest first. */
  listAttempts(deliveryId: string): Promise<WebhookAttempt[]>
  /** Deliveries made since a moment, by endpoint and state. */
  countDeliveries(sinceMs: number): Promise<DeliveryCount[]>
  /** Forgets up to `limit` deliveries of an endpoint, and their attempts. Says how many. */
  forgetOf(endpointId: string, limit: number): Promise<number>
  /** Forgets up to `limit` deliveries made before an instant, and their attempts. Says how many. */
  forgetBefore(beforeMs: number, limit: number): Promise<number>
}
