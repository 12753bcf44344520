import type { PhoneComponent } from '@haoma/protocol'

/** A list price; it holds from its moment on. */
export interface Price {
  component: PhoneComponent
  fromMs: number
  /** In li, 1/1000 yuan, per successful call of the component. */
  li: number
}

/**
 * Calls that are there to be used up: the trial of a component, a pack that was bought, or a time in which WeChat charges
 * the app nothing.
 */
export interface Pack {
  id: string
  appid: string
  component: PhoneComponent
  kind: 'trial' | 'pack' | 'free'
  /** For people. */
  name: string
  /** WeChat's product, when it is known. Packs of a group purchase have another one than those of the app. */
  spuId: string | null
  /** WeChat's own id of the pack. */
  packageId: string | null
  /** Calls in it; `null` is without limit. */
  entries: number | null
  /** What was paid, in li; `null` when nobody said, and then the list price counts. */
  priceLi: number | null
  /** Calls that were used before this ledger began. */
  usedBefore: number
  /** Entries that are booked to it, and what they cost together. */
  usedEntries: number
  allocatedLi: number
  startsAtMs: number
  /** `null` is without end. */
  endsAtMs: number | null
  createdAtMs: number
}

/** Entries from a moment on are to be booked anew, because a price or a pack was changed. */
export interface Rebooking {
  id: string
  /** `null` is every app. */
  appid: string | null
  component: PhoneComponent
  fromMs: number
  createdAtMs: number
}

export interface TariffStore {
  listPrices(): Promise<Price[]>
  setPrice(price: Price): Promise<void>
  /** False when there was none. */
  removePrice(price: Pick<Price, 'component' | 'fromMs'>): Promise<boolean>
  /** Of one app and component, or all; in the order of their beginning. */
  listPacks(of?: { appid?: string | undefined; component?: PhoneComponent | undefined }): Promise<Pack[]>
  findPack(id: string): Promise<Pack | undefined>
  /** Adds a pack. False when the app has its package, or a trial of the component, already. */
  addPack(pack: Pack): Promise<boolean>
  changePack(id: string, to: Partial<Omit<Pack, 'id'>>): Promise<void>
  removePack(id: string): Promise<boolean>
  /** Changes what is booked to a pack; negative takes away. */
  charge(id: string, by: { entries: number; li: number }): Promise<void>
  addRebooking(rebooking: Rebooking): Promise<void>
  /** The oldest one that waits. */
  nextRebooking(): Promise<Rebooking | undefined>
  endRebooking(id: string): Promise<void>
}
