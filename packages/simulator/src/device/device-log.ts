import type { SiteHandler } from '../http/site.ts'
import type { Model } from '../model/model.ts'
import { NO_QUOTA_ERRNO, type PhoneDetail } from '../model/phone-events.ts'
import { type Text, text } from '../text.ts'

/** Writes what happened on a phone into the log, beside the calls of the back end. */
export function withDeviceLog(route: string, handler: SiteHandler, getModel: () => Model): SiteHandler {
  const [method = '', path = ''] = route.split(' ')
  return (site) => {
    const startedAtMs = performance.now()
    const answer = handler(site)
    const { log, clock } = getModel()
    if (!log.isOn || method === 'GET') return answer
    const sent = site.body as { appid?: unknown }
    log.add({
      kind: 'device',
      atMs: clock.nowMs(),
      tookMs: Math.round((performance.now() - startedAtMs) * 1000) / 1000,
      rid: '',
      method,
      path,
      query: '',
      appid: typeof sent.appid === 'string' ? sent.appid : undefined,
      clientIp: site.request.socket.remoteAddress ?? '',
      requestBody: maskTyped(JSON.stringify(site.body)),
      status: 200,
      responseBody: JSON.stringify(answer),
      why: whyOf(answer),
    })
    return answer
  }
}

/** A number that was typed in on the sheet. */
function maskTyped(json: string): string {
  return json.replace(/("(?:number|nationalNumber)":"\+?\d{2,3})[\d\s-]*(\d{2}")/g, '$1****$2')
}

function whyOf(answer: unknown): Text | undefined {
  const { detail = answer } = answer as { detail?: unknown }
  const { errno, errMsg, code } = detail as Partial<PhoneDetail>
  if (errno === NO_QUOTA_ERRNO)
    return text('额度用完：未打开弹窗，不扣费', 'quota used up: no sheet, no charge')
  if (errno === 104) return text('用户未同意隐私指引', 'the user has not agreed to the privacy guideline')
  if (errno === 112)
    return text('隐私指引里没有声明手机号', 'the privacy guideline does not declare phone numbers')
  if (errMsg?.startsWith('get') && code) return text('同意：已计一次', 'consent: one call was charged')
  return errMsg?.includes('deny') ? text('用户拒绝：不扣费', 'the user refused: no charge') : undefined
}
