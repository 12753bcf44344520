import type { KeyRing } from '../crypto/key-ring.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { HaomaOptions } from '../options.ts'
import { createSmsCodes } from '../ways/sms/codes.ts'
import { createLoginBySms, type LoginBySms, type LoginBySmsParts } from '../ways/sms/login.ts'
import { createSmsLook, type SmsLook, type SmsLookParts } from '../ways/sms/look.ts'
import { type SmsPolicy, smsDefaults } from '../ways/sms/policy.ts'
import { createAliyunSms } from '../ways/sms/providers/aliyun.ts'
import { createConsoleSms } from '../ways/sms/providers/console.ts'
import { createPoster } from '../ways/sms/providers/post.ts'
import type { SmsProvider } from '../ways/sms/providers/provider.ts'
import type { SmsProviderSettings } from '../ways/sms/providers/settings.ts'
import { type CloudParts, createTencentSms } from '../ways/sms/providers/tencent.ts'
import { createSendSms, type SendSms, type SendSmsParts } from '../ways/sms/send.ts'

export interface SmsParts extends Omit<SendSmsParts, Own | 'watch'>, Omit<LoginBySmsParts, Own> {
  options: Pick<HaomaOptions, 'sms'>
  keyRing: KeyRing
  /** Told how each sending went. */
  watch(provider: string, outcome: string): void
}

type Own = 'codes' | 'policy' | 'provider'

export interface Sms extends SendSms, LoginBySms {
  look: SmsLook
  /** Longest time that one call takes, in milliseconds. */
  longestMs: number
  close(): Promise<void>
}

/** Puts the way in by SMS together; without a provider it is there and says that it is not offered. */
export function assembleSms(parts: SmsParts): Sms {
  const { options, keyRing, hasApp } = parts
  const lookBy = (sender: SmsLookParts['sender']) => createSmsLook({ ...parts, sender })
  if (!options.sms) return { ...notOffered(hasApp), look: lookBy(undefined) }

  const { provider: settings, ...own } = options.sms
  const policy: SmsPolicy = { ...smsDefaults, ...own }
  const poster = createPoster(policy.timeoutMs)
  const provider = providerOf(settings, { poster, clock: parts.clock })
  const codes = createSmsCodes(keyRing)
  const watch = (outcome: string) => parts.watch(provider.name, outcome)
  return {
    ...createSendSms({ ...parts, codes, provider, policy, watch }),
    ...createLoginBySms({ ...parts, codes }),
    look: lookBy({ provider: provider.name, budgetADay: policy.budgetADay }),
    longestMs: policy.timeoutMs,
    close: poster.close,
  }
}

function providerOf(settings: SmsProviderSettings, cloud: CloudParts): SmsProvider {
  if (!('kind' in settings)) return settings
  switch (settings.kind) {
    case 'tencent':
      return createTencentSms(settings, cloud)
    case 'aliyun':
      return createAliyunSms(settings, cloud)
    case 'console':
      return createConsoleSms(settings)
  }
}

function notOffered(hasApp: SmsParts['hasApp']): Omit<Sms, 'look'> {
  return {
    send: async ({ appid }) => {
      throw new HaomaError((await hasApp(appid)) ? 'SMS_NOT_OFFERED' : 'UNKNOWN_APP')
    },
    login: async () => {
      throw new HaomaError('SMS_NOT_OFFERED')
    },
    longestMs: 0,
    close: async () => {},
  }
}
