import type { TelemetryRequest } from '@haoma/protocol'
import type { Stores } from '../stores/database.ts'
import type { ToldConsent } from '../stores/exchange-store.ts'

/** Codes are forgotten after two days; older than this, the ledger is asked whether it has heard of one. */
const REMEMBERED_MS = 86_400_000

export interface ConsentParts {
  /** Name of a phone code, from its SHA-256 as hex. */
  keyOfHash: (appid: string, codeHash: string) => string
  /** How long a code is remembered as alive. */
  lifeMs: number
}

/** The consents that a batch tells of: WeChat charges them, whether or not their code ever comes. */
export function consentsOf(
  { appid, client, events }: TelemetryRequest,
  { keyOfHash }: Pick<ConsentParts, 'keyOfHash'>,
  nowMs: number,
): ToldConsent[] {
  return events.flatMap(({ event, codeHash, component, agoMs }) =>
    event !== 'consented' || codeHash === undefined
      ? []
      : [
          {
            key: keyOfHash(appid, codeHash),
            appid,
            component: component ?? 'quick',
            clientVersion: client?.clientVersion ?? null,
            build: client?.build ?? null,
            platform: client?.platform ?? null,
            consentedAtMs: nowMs - agoMs,
          },
        ],
  )
}

/** Opens the entries of consents whose codes were not heard of. */
export async function noteConsents(
  stores: Stores,
  told: readonly ToldConsent[],
  { nowMs, lifeMs }: { nowMs: number; lifeMs: number },
): Promise<void> {
  const once = new Map(told.map((consent) => [consent.key, consent]))
  const old = [...once.values()].filter(({ consentedAtMs }) => consentedAtMs < nowMs - REMEMBERED_MS)
  for (const key of await stores.ledger.findKeys(old.map(({ key }) => key))) once.delete(key)
  // In one order, so that two that meet wait for each other instead of blocking each other.
  const consents = [...once.keys()].sort().map((key) => once.get(key) as ToldConsent)
  await stores.exchanges.tell(consents, nowMs, lifeMs)
}
