import type { AlertKind, TextPair } from '@haoma/protocol/admin'
import { DAY_S, type Finding, type Kind, times } from './kind.ts'

const keyProblems = {
  missing: ({ key }) => ({
    zh: `缺少主密钥 ${key}，用它加密的号码打不开`,
    en: `Master key ${key} is missing; numbers sealed with it do not open`,
  }),
  stuck: ({ key, days }) => ({
    zh: `换密钥已 ${days} 天未完成，旧密钥 ${key} 仍在使用`,
    en: `The change of keys has not ended for ${days} days; old key ${key} is still needed`,
  }),
  unopened: ({ what }) => ({
    zh: `有一个加密的值打不开：${what}`,
    en: `A sealed value does not open: ${what}`,
  }),
} satisfies Record<string, (data: Finding['data']) => TextPair>

const fasterZh = (offS: string | number | undefined) =>
  `${Number(offS) > 0 ? '快' : '慢'} ${Math.abs(Number(offS))}`
const medianOf = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0

/** What is wrong with the service itself. */
export const serviceKinds = {
  'webhook-disabled': {
    text: { zh: 'webhook 已被停用', en: 'A webhook was switched off' },
    unit: times,
    threshold: 1,
    windowS: 0,
    minEntries: 0,
    look: async (readings) =>
      (await readings.webhooksDisabled()).map(({ id, host, reason }) => ({
        cause: id,
        appid: null,
        data: { host, reason },
      })),
    describe: ({ host, reason }) => ({
      zh: `发往 ${host} 的 webhook 已停用（${reason}），事件保留待补发`,
      en: `The webhook to ${host} was switched off (${reason}); its events are held`,
    }),
    whatToDo: {
      zh: '修好接收端，再在「Webhook」中启用。',
      en: 'Mend the receiver, then switch it on under Webhooks.',
    },
  },
  'job-failing': {
    text: { zh: '后台任务连续失败', en: 'A job keeps failing' },
    unit: times,
    threshold: 3,
    windowS: 0,
    minEntries: 0,
    look: async (readings, asked) =>
      (await readings.jobs())
        .filter(({ failures }) => failures >= asked.threshold)
        .map(({ name, failures }) => ({ cause: name, appid: null, data: { job: name, failures } })),
    describe: ({ job, failures }) => ({
      zh: `${job} 已连续失败 ${failures} 次`,
      en: `${job} failed ${failures} times in a row`,
    }),
    whatToDo: { zh: '在「任务」中看它最后的错误。', en: 'See its last error under Jobs.' },
  },
  'number-unreadable': {
    text: {
      zh: '加密的数据打不开，或换密钥没有完成',
      en: 'Sealed values do not open, or a change of keys is stuck',
    },
    unit: { zh: '天', en: 'days' },
    threshold: 7,
    windowS: DAY_S,
    minEntries: 0,
    look: async (readings, asked, nowMs) => {
      const keys = (await readings.keys()).flatMap(({ id, isHere, isOld, sinceMs }) => {
        if (!isHere) return [{ cause: `missing ${id}`, appid: null, data: { key: id, problem: 'missing' } }]
        const days = Math.floor((nowMs - sinceMs) / (DAY_S * 1000))
        if (!isOld || days < asked.threshold) return []
        return [{ cause: `stuck ${id}`, appid: null, data: { key: id, problem: 'stuck', days } }]
      })
      const unopened = await readings.unopened(nowMs - asked.windowS * 1000)
      return [
        ...keys,
        ...unopened.map((what) => ({
          cause: `unopened ${what}`,
          appid: null,
          data: { problem: 'unopened', what },
        })),
      ]
    },
    describe: (data) => (keyProblems[data.problem as keyof typeof keyProblems] ?? keyProblems.missing)(data),
    whatToDo: {
      zh: '把旧主密钥加回 HAOMA_OLD_MASTER_KEYS；换密钥用 haoma rekey 跑完。',
      en: 'Put the old master key back into HAOMA_OLD_MASTER_KEYS; finish the change with haoma rekey.',
    },
  },
  'clock-off': {
    text: { zh: '时钟不准', en: 'A clock is off' },
    unit: { zh: '秒', en: 'seconds' },
    threshold: 60,
    windowS: 900,
    minEntries: 3,
    look: async (readings, asked, nowMs) => {
      const isOff = (offMs: number) => Math.abs(offMs) >= asked.threshold * 1000
      const besideWeChat = (await readings.clockOffsets(nowMs - asked.windowS * 1000)).filter(isOff)
      const besideDatabase = await readings.databaseClockOffset()
      const found = (cause: string, offMs: number) => ({
        cause,
        appid: null,
        data: { beside: cause, offS: Math.round(offMs / 1000) },
      })
      return [
        ...(besideWeChat.length < asked.minEntries ? [] : [found('WeChat', medianOf(besideWeChat))]),
        ...(isOff(besideDatabase) ? [found('database', besideDatabase)] : []),
      ]
    },
    describe: ({ beside, offS }) =>
      beside === 'database'
        ? {
            zh: `本服务一个进程的时钟比数据库${fasterZh(offS)} 秒`,
            en: `The clock of a process is ${offS} s off that of the database`,
          }
        : {
            zh: `本服务的时钟比微信${fasterZh(offS)} 秒`,
            en: `The clock of the service is ${offS} s off WeChat's`,
          },
    whatToDo: {
      zh: '在每台机器上打开时间同步（NTP）。相差太多时 code 会被误判为过期，令牌与签名会失效。',
      en: 'Switch time synchronisation (NTP) on, on every machine. A clock far off takes living codes for dead, and spoils tokens and signatures.',
    },
  },
} satisfies Partial<Record<AlertKind, Kind>>
