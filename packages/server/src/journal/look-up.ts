import type { LoginDetail, LoginEntry, LoginSearchRequest } from '@haoma/protocol/admin'
import { readSupportCode } from '../kernel/ids.ts'
import type { PhoneVault } from '../numbers/vault.ts'
import type { Database } from '../stores/database.ts'
import type { CodeKind } from '../stores/exchange-store.ts'
import type { LoginFilter, LoginRecord, LoginSummary, Person } from '../stores/login-store.ts'
import { curlOf } from './curl.ts'
import { explain, explainWeChat } from './explain.ts'
import { showSteps } from './show-steps.ts'

/** Finds requests in the journal, for whoever looks for a failed login. */
export interface LoginLookUp {
  search(request: LoginSearchRequest): Promise<{ items: LoginEntry[]; nextCursor: string | null }>
  /** One request with all that is known of it. */
  find(id: string): Promise<LoginDetail | undefined>
  /** Entries as people see them. */
  show(entries: readonly LoginSummary[]): Promise<LoginEntry[]>
}

export interface LoginLookUpParts {
  db: Pick<Database, 'logins' | 'ledger'>
  vault: PhoneVault
  keyOfHash(kind: CodeKind, appid: string, codeHash: string): string
  /** Apps whose codes may be looked for. */
  listApps(): readonly string[]
}

const PAGE = 50
const RELATED = 20
const kinds: readonly CodeKind[] = ['login', 'phone']

export function createLoginLookUp(parts: LoginLookUpParts): LoginLookUp {
  const { db, vault } = parts

  /** A request may fail before it is known whose it is: then it is found by what the person is known by besides. */
  const personOf = ({ masked, e164, memberId }: LoginSearchRequest): Promise<Person> | undefined => {
    if (masked === undefined && e164 === undefined && memberId === undefined) return undefined
    return db.logins.whoIs({
      maskedSubjects: masked === undefined ? [] : vault.maskedSubjectsOf(masked),
      phoneSubjects: e164 === undefined ? [] : vault.subjectsOf(e164),
      memberIds: memberId === undefined ? [] : [memberId],
    })
  }

  const codeKeysOf = ({ codeHash, appid }: LoginSearchRequest): string[] | undefined => {
    if (codeHash === undefined) return undefined
    const appids = appid === undefined ? parts.listApps() : [appid]
    return appids.flatMap((one) => kinds.map((kind) => parts.keyOfHash(kind, one, codeHash)))
  }

  const filterOf = async (request: LoginSearchRequest): Promise<LoginFilter> => {
    const { supportCode, requestId, rid, openid, appid, clientId, way, outcome, from, to } = request
    return {
      id: requestId,
      // What can be no support code is the code of nothing.
      supportCode: supportCode === undefined ? undefined : (readSupportCode(supportCode) ?? ''),
      rid,
      openid,
      person: await personOf(request),
      codeKeys: codeKeysOf(request),
      appid,
      clientId,
      way,
      outcome: outcome === 'failed' ? undefined : outcome,
      isFailed: outcome === 'failed',
      fromMs: from === undefined ? undefined : Date.parse(from),
      untilMs: to === undefined ? undefined : Date.parse(to),
      before: readCursor(request.cursor),
      limit: (request.limit ?? PAGE) + 1,
    }
  }

  const show = async (entries: readonly LoginSummary[]): Promise<LoginEntry[]> => {
    const memberIds = [...new Set(entries.flatMap(({ memberId }) => memberId ?? []))]
    const phones = await db.logins.phonesOf(memberIds)
    const masked = new Map(phones.map((phone) => [phone.memberId, vault.readMasked(phone)]))
    return entries.map((entry) => entryView(entry, masked))
  }

  const relatedTo = async (login: LoginRecord): Promise<LoginEntry[]> => {
    const codeKeys = [login.loginCodeKey, login.phoneCodeKey].filter((key) => key !== null)
    if (codeKeys.length === 0) return []
    const found = await db.logins.search({ codeKeys, limit: RELATED + 1 })
    return show(found.filter(({ id, atMs }) => id !== login.id || atMs !== login.atMs).reverse())
  }

  return {
    show,
    search: async (request) => {
      const filter = await filterOf(request)
      const found = await db.logins.search(filter)
      const page = found.slice(0, filter.limit - 1)
      const last = found.length > page.length ? page.at(-1) : undefined
      return { items: await show(page), nextCursor: last ? cursorOf(last) : null }
    },
    find: async (id) => {
      const login = await db.logins.find(id)
      if (!login) return undefined
      const { phoneCodeKey, errcode, rid, way } = login
      const [[entry], related, ledger] = await Promise.all([
        show([login]),
        relatedTo(login),
        phoneCodeKey === null ? undefined : db.ledger.find(phoneCodeKey),
      ])
      const steps = showSteps(login.steps)
      return {
        login: entry as LoginEntry,
        sessionId: login.sessionId,
        deviceId: login.deviceId,
        steps,
        explanation: explain(login.outcome),
        wechat:
          errcode === null
            ? null
            : { errcode, rid, text: explainWeChat(errcode, { way, isPhone: isAboutPhone(login) }) },
        ledger: ledger ? ledgerView(ledger) : null,
        related,
        curl: curlOf(login),
      }
    },
  }
}

/** Whether the phone code was the one that WeChat refused: it is asked about last. */
const isAboutPhone = ({ phoneCodeKey, openid, way, outcome }: LoginRecord) =>
  phoneCodeKey !== null && (way !== 'login' || openid !== null) && outcome !== 'LOGIN_CODE_INVALID'

export const cursorOf = ({ atMs, id }: { atMs: number; id: string }): string => `${atMs}.${id}`

/** What is no cursor begins at the newest. */
export function readCursor(cursor: string | undefined): { atMs: number; id: string } | undefined {
  const [, at, id] = /^(\d{1,15})\.(.+)$/.exec(cursor ?? '') ?? []
  return at === undefined || id === undefined ? undefined : { atMs: Number(at), id }
}

function ledgerView(row: NonNullable<Awaited<ReturnType<Database['ledger']['find']>>>) {
  const { state, reason, listLi, chargeLi } = row
  return { state, reason, listLi, chargeLi, cause: null, chargedTo: null }
}

function entryView(entry: LoginSummary, masked: ReadonlyMap<string, string | null>): LoginEntry {
  return {
    id: entry.id,
    supportCode: entry.supportCode,
    at: new Date(entry.atMs).toISOString(),
    way: entry.way,
    appid: entry.appid,
    clientId: entry.clientId,
    component: entry.component,
    outcome: entry.outcome,
    errcode: entry.errcode,
    rid: entry.rid,
    openid: entry.openid,
    memberId: entry.memberId,
    masked: entry.memberId === null ? null : (masked.get(entry.memberId) ?? null),
    platform: entry.platform,
    clientVersion: entry.clientVersion,
    wechatMs: entry.wechatMs,
    totalMs: entry.totalMs,
  }
}
