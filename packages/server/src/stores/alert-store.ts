/** What is watched. Its settings are the room's own (alerts/kinds.ts). */
export interface AlertRule {
  id: string
  name: string
  kind: string
  settings: AlertSettings
  /** Channels that are told; none is all of them. */
  channels: readonly string[]
  /** In Asia/Shanghai, `HH:MM`. */
  quietHours: QuietHours | null
  isEnabled: boolean
  createdAtMs: number
  updatedAtMs: number
}

export interface QuietHours {
  from: string
  to: string
}

/** What is left out is as the default of the kind. */
export interface AlertSettings {
  /** In the unit of the kind. */
  threshold?: number | undefined
  windowS?: number | undefined
  /** Default is all. */
  appids?: readonly string[] | undefined
  components?: readonly string[] | undefined
  /** Fewer entries than these tell nothing. */
  minEntries?: number | undefined
}

/** Who is told. */
export interface AlertChannel {
  id: string
  name: string
  kind: string
  /** Address, secret and language, encrypted: an address holds the key of a robot. */
  configSealed: string
  isEnabled: boolean
  createdAtMs: number
  /** When something was delivered last. */
  sentAtMs: number | null
  lastError: string | null
}

/** Something that is wrong, from when it was seen until it is over. Of one cause of a rule one is open at most. */
export interface Alert {
  id: string
  ruleId: string
  /** Names what is wrong among all that the rule may find. */
  cause: string
  state: 'open' | 'closed'
  appid: string | null
  /** What its texts are made of; no number of a person. */
  data: Record<string, string | number>
  openedAtMs: number
  /** When it was found to be so last. */
  seenAtMs: number
  closedAtMs: number | null
  notifiedAtMs: number | null
}

/** That a channel is to be told that an alert began or is over. */
export interface AlertMessage {
  id: string
  channelId: string
  alertId: string
  about: 'opened' | 'closed'
  state: 'waiting' | 'sent' | 'dead'
  attempts: number
  nextAtMs: number
  lastError: string | null
  createdAtMs: number
}

export interface AlertStore {
  /** Makes the first rules of a database, once for ever: whoever deletes them has deleted them. */
  ensureRules(rules: readonly AlertRule[], nowMs: number): Promise<void>
  listRules(): Promise<AlertRule[]>
  addRule(rule: AlertRule): Promise<void>
  /** False when there is none. */
  changeRule(id: string, to: Partial<Omit<AlertRule, 'id'>>): Promise<boolean>
  /** Removes a rule with its alerts and their messages. */
  removeRule(id: string): Promise<boolean>

  listChannels(): Promise<AlertChannel[]>
  /** A channel that nobody else changes until the end of the transaction. */
  lockChannel(id: string): Promise<AlertChannel | undefined>
  addChannel(channel: AlertChannel): Promise<void>
  changeChannel(id: string, to: Partial<Omit<AlertChannel, 'id'>>): Promise<boolean>
  /** Removes a channel with the messages that wait for it, and from the rules that name it. */
  removeChannel(id: string): Promise<boolean>

  /** Opens an alert, unless one of this cause is open. Of any number of callers at once one opens it. */
  open(alert: Alert): Promise<boolean>
  /** Writes down that it is still so. */
  touch(id: string, to: Pick<Alert, 'seenAtMs' | 'data'>): Promise<void>
  /** Closes it, once. */
  close(id: string, nowMs: number): Promise<boolean>
  listOpen(ruleId: string): Promise<Alert[]>
  /** The newest first, after a place in that order. */
  page(filter: {
    state?: Alert['state'] | undefined
    before?: { openedAtMs: number; id: string } | undefined
    limit: number
  }): Promise<Alert[]>
  find(ids: readonly string[]): Promise<Alert[]>

  /** Puts messages on their way; one that is there already stays as it is. */
  addMessages(messages: readonly AlertMessage[]): Promise<void>
  /** Takes the messages of a channel that are due, for so long; of many callers at once each is taken by one. */
  claimDue(channelId: string, of: { nowMs: number; leaseMs: number; limit: number }): Promise<AlertMessage[]>
  settle(ids: readonly string[], to: Pick<AlertMessage, 'state' | 'nextAtMs' | 'lastError'>): Promise<void>
  markNotified(alertIds: readonly string[], nowMs: number): Promise<void>
  /** Writes down that something sealed did not open, by a name of its kind and key. */
  noteUnopened(name: string, atMs: number): Promise<void>
  /** Names that were written down since a moment. */
  listUnopened(sinceMs: number): Promise<string[]>
  /** Removes alerts that are over, and their messages. */
  removeBefore(closedBeforeMs: number, limit: number): Promise<number>
}
