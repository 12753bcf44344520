import { undiciTransport } from '@haoma/wechat/undici'
import { createCheckApp } from '../apps/check-app.ts'
import type { AppDirectory } from '../apps/directory.ts'
import type { TokenHistory } from '../apps/token-history.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { createSealer } from '../crypto/sealer.ts'
import type { Spend } from '../exchange/spend.ts'
import type { Limits } from '../guards/limits.ts'
import { createRequireClient } from '../http/access.ts'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import { maskPhone } from '../numbers/e164.ts'
import type { PhoneVault } from '../numbers/vault.ts'
import type { SessionService } from '../sessions/service.ts'
import type { Actor } from '../stores/audit-store.ts'
import type { Database } from '../stores/database.ts'
import { createDropInSurface } from '../surfaces/wechat/drop-in-surface.ts'
import { createGatewaySurface } from '../surfaces/wechat/gateway-surface.ts'
import { createAdmission } from '../tokens/admission.ts'
import { createCentralTokens } from '../tokens/central-tokens.ts'
import { createClientDirectory } from '../tokens/client-directory.ts'
import { createClientRegistry } from '../tokens/clients.ts'
import { createGateway } from '../tokens/gateway/gateway.ts'
import { createUpstream } from '../tokens/gateway/upstream.ts'
import { createReadSourceToken } from '../tokens/read-source-token.ts'
import { createTokenRefresher } from '../tokens/refresher.ts'
import { type BackEndExchangeParts, createBackEndExchange } from '../ways/back-end/exchange.ts'
import { createIntrospect } from '../ways/back-end/introspect.ts'
import { createBackEndMembers } from '../ways/back-end/members.ts'
import type { ConnectedApps } from './apps.ts'

export interface BackEndParts {
  db: Database
  keyRing: KeyRing
  apps: ConnectedApps & { directory: AppDirectory; tokenHistory: TokenHistory }
  sessions: SessionService
  vault: PhoneVault
  issuer: string
  spend: Spend
  askUser: BackEndExchangeParts['askUser']
  askNumber: BackEndExchangeParts['askNumber']
  wechatHosts: readonly string[] | undefined
  wechatTimeoutMs: number
  limits: Limits
  answerWithinMs: number
  clock: Clock
  logger: Logger
  newId: NewId
}

/** WeChat's own, first choice first. */
export const WECHAT_HOSTS = ['https://api.weixin.qq.com', 'https://api2.weixin.qq.com']

/** Puts together what back ends are served with: their registry, the token service, the gateway. */
export function assembleBackEnds(parts: BackEndParts) {
  const { db, keyRing, apps, sessions, vault, issuer, clock, logger, newId } = parts
  const { directory, wechat } = apps
  const observed = { logger, clock, newId }
  const hosts = parts.wechatHosts ?? WECHAT_HOSTS
  const keys = keyRing.all('client-secret')
  const clientsOf = (actor: Actor) => createClientRegistry({ db, key: keys[0], clock, newId, actor })
  const clientDirectory = createClientDirectory({ clients: db.clients, keys, clock })
  const admission = createAdmission({ directory: clientDirectory, limits: parts.limits })
  const requireClient = createRequireClient(admission)

  const transport = undiciTransport()
  const readSourceToken = createReadSourceToken({
    findSecret: (appid) => {
      const secret = directory.configOf(appid)?.appSecret
      return typeof secret === 'object' ? secret.reveal() : secret
    },
    hosts: parts.wechatHosts,
    transport,
  })
  const tokens = createCentralTokens({
    wechat,
    readSourceToken,
    history: apps.tokenHistory,
    clock,
    logger,
  })
  const upstream = createUpstream(hosts, parts.wechatTimeoutMs)
  const gateway = createGateway({
    tokens,
    upstream,
    wechat,
    isSealed: (appid) => directory.configOf(appid)?.apiSecurity !== undefined,
  })

  return {
    checkApp: createCheckApp({ hosts: parts.wechatHosts, transport, clock }),
    clients: clientsOf({ actorKind: 'system', actorId: 'embedding', ip: null, requestId: null }),
    clientsOf,
    tokens,
    requireClient,
    backEndExchange: createBackEndExchange({
      hasApp: apps.hasMiniProgram,
      spend: parts.spend,
      askUser: parts.askUser,
      askNumber: parts.askNumber,
      sealer: createSealer(keyRing, 'exchange-answer'),
      maskedIndex: (e164) => vault.maskedSubjectsOf(maskPhone(e164))[0],
    }),
    backEndMembers: createBackEndMembers({ db, vault, clock, newId }),
    introspect: createIntrospect({ db, sessions, vault, issuer, clock, newId }),
    surfaces: [
      createDropInSurface({ admission, tokens, answerWithinMs: parts.answerWithinMs, ...observed }),
      createGatewaySurface({ gateway, requireClient, ...observed }),
    ],
    jobs: [createTokenRefresher(tokens, apps.listMiniPrograms)],
    close: async () => {
      await Promise.all([upstream.close(), transport.close?.()])
    },
  }
}
