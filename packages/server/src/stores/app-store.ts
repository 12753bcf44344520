/** What somebody signs in to: a mini program, an H5 page, or an app on a phone. */
export const appKinds = ['mp-weixin', 'h5', 'app'] as const
export type AppKind = (typeof appKinds)[number]

/** An app as the database holds it, beside those of the environment. */
export interface StoredApp {
  appid: string
  kind: AppKind
  /** For people. */
  name: string
  /** The AppSecret and what else WeChat knows the app by, encrypted; `null` when they are elsewhere. */
  secretSealed: string | null
  /** What holds for this app alone, as JSON. */
  settings: string
  /** Nobody comes in by an app that is off. */
  isEnabled: boolean
  createdAtMs: number
  updatedAtMs: number
}

export type AppChange = Partial<Omit<StoredApp, 'appid' | 'createdAtMs'>>

export interface AppStore {
  /** All of them, oldest first. */
  list(): Promise<StoredApp[]>
  /** Reads an app and keeps others from changing it until the transaction ends. */
  lock(appid: string): Promise<StoredApp | undefined>
  /** @throws {StoreConflictError} When there is one of that appid. */
  add(app: StoredApp): Promise<void>
  /** Changes what is named. False when there is no such app. */
  change(appid: string, change: AppChange): Promise<boolean>
}
