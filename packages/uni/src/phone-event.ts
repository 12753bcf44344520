import type { LocalReason } from './endings.ts'
import type { PhoneEventDetail } from './platform/platform.ts'

/**
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/getPhoneNumber.html for 1400001
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/user-privacy/PrivacyAuthorize.html for 104, 112
 */
const reasonOfErrno: Record<number, LocalReason> = {
  103: 'denied',
  104: 'privacy',
  112: 'privacy-not-declared',
  1400001: 'quota',
}

// In order: the first family that fits wins. The wording differs by client, version and language ("fail user deny",
// "fail:user deny", "fail auth deny", "用户拒绝授权" …), so no whole message is ever compared.
const reasonOfText: [RegExp, LocalReason][] = [
  [/not? declared|未声明|没有声明/i, 'privacy-not-declared'],
  [/banned|封禁|收回/i, 'permission-withdrawn'],
  [/quota|1400001|次数.*上限|额度/i, 'quota'],
  [
    /(not|n't|no) (yet )?(been )?(bind|bound)|has no phone|未绑定|没有绑定|not set .*phone/i,
    'number-not-bound',
  ],
  [
    /(need|require|must|should|has to|not)\w*\b.*(verif|authenticat)|(需要?|未|请).*验证|验证.*手机/i,
    'number-unverified',
  ],
  [/deny|denied|denies|cancel|refuse|reject|拒绝|取消/i, 'denied'],
  [/permission is not authorized|privacy|隐私/i, 'privacy'],
  [/permission|not authorized|unauthorized|没有权限|无权限|未授权|未认证/i, 'no-permission'],
  [/time ?out|超时|过期/i, 'late'],
  [
    /not support|unsupported|too (old|low)|outdated|(update|upgrade) (your )?wechat|不支持|版本过低|(更新|升级).{0,4}微信/i,
    'client-too-old',
  ],
  [/:ok\b/i, 'client-too-old'],
]

/** The detail itself, wherever the event or a wrapper component keeps it; an empty one when it keeps none. */
function detailOf(handed: unknown): PhoneEventDetail {
  let detail = handed
  // Wrappers hand on the event, the detail, an array of either, or nothing.
  for (let depth = 0; depth < 3; depth++) {
    if (Array.isArray(detail)) detail = detail[0]
    const inner = (detail as { detail?: unknown } | null | undefined)?.detail
    if (typeof inner !== 'object' || inner === null) break
    detail = inner
  }
  return typeof detail === 'object' && detail !== null ? detail : {}
}

/** The phone code of an event, or why there is none. Takes whatever a platform or a wrapper hands in. */
export function readPhoneEvent(handed: unknown): { phoneCode: string } | { reason: LocalReason } {
  const { code, errno, errMsg } = detailOf(handed)
  if (typeof code === 'string' && code.length > 0) return { phoneCode: code }
  const text = typeof errMsg === 'string' ? errMsg : ''
  const family = reasonOfText.find(([pattern]) => pattern.test(text))?.[1]
  return { reason: reasonOfErrno[Number(errno)] ?? family ?? 'unknown' }
}
