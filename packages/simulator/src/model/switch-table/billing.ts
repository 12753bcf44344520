import { text } from '../../text.ts'
import { define } from './entry.ts'

/** What is charged, and the call that tells what is left. */
export const billingSwitches = {
  'devtools-taps': define({
    default: 'charged',
    values: ['charged', 'free'],
    text: {
      zh: '在开发者工具里点按钮是否计费。',
      en: 'Whether taps in DevTools are charged.',
    },
    source: text(
      '开发版计费；没有提到开发者工具',
      'development versions are charged; DevTools itself is not mentioned',
    ),
  }),
  'realtime-spu-id': define({
    default: '10000078',
    values: ['10000078', '10000079'],
    text: {
      zh: '用量接口里实时验证组件的 spuId。',
      en: 'The spuId of the realtime component in the charge usage call.',
    },
    source: text('不明；两个值都是虚构的', 'unknown; both values are made up'),
  }),
  'usage-detail-numbers': define({
    default: 'string',
    values: ['string', 'number'],
    text: {
      zh: '用量接口 detailList 里 all 与 used 的类型。',
      en: 'The type of all and used in detailList of the usage call.',
    },
    source: text(
      '录到的响应是字符串；文档的表写数字',
      'a recorded body has texts; the table of the page says number',
    ),
  }),
  'usage-text-parameters': define({
    default: 'answered',
    values: ['answered', '10120002'],
    text: {
      zh: '用量接口请求体里的 offset、limit 写成字符串时：照常响应，或 10120002。',
      en: 'What offset and limit as texts in the body get from the usage call: an answer, or 10120002.',
    },
    source: text('2024-07 被拒，后来放宽', 'refused in 2024-07, since relaxed'),
  }),
  'recent-average-errmsg': define({
    default: 'present',
    values: ['present', 'absent'],
    text: {
      zh: 'get_recent_average 成功时是否带 errmsg。',
      en: 'Whether a successful get_recent_average carries errmsg.',
    },
    source: text(
      '新版文档有，旧版文档和录到的响应没有',
      'the newer page prints it, the older page and a recorded body do not',
    ),
  }),
}
