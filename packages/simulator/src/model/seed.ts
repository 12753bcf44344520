import type { AppInput } from './apps.ts'
import type { UserInput } from './users.ts'

/** What a simulator starts with when it is given no state: fixed, so that they can be written into examples. */
export const seedApps: readonly AppInput[] = [
  { appid: 'wx5f0a3c9e7b1d2468', appSecret: '0f1e2d3c4b5a69788796a5b4c3d2e1f0', name: '号码示例' },
  {
    appid: 'wx6a1b4d8f0c2e3579',
    appSecret: '1a2b3c4d5e6f708192a3b4c5d6e7f801',
    name: '号码商城',
    openPlatform: 'haoma-open-platform',
  },
  {
    appid: 'wx7b2c5e9a1d3f4680',
    appSecret: '2b3c4d5e6f708192a3b4c5d6e7f8091a',
    name: '号码会员',
    openPlatform: 'haoma-open-platform',
  },
  {
    appid: 'wx8c3d6f0b2e4a5791',
    appSecret: '3c4d5e6f708192a3b4c5d6e7f8091a2b',
    name: '个人小记',
    personal: true,
    verified: false,
  },
  {
    appid: 'wx9d4e7a1c3f5b6802',
    appSecret: '4d5e6f708192a3b4c5d6e7f8091a2b3c',
    name: '号码公众号',
    accountType: 'official-account',
    openPlatform: 'haoma-open-platform',
  },
]

export const seedUsers: readonly UserInput[] = [
  { name: '李雷', numbers: [{ countryCallingCode: '86', nationalNumber: '13580006666' }] },
  {
    name: '韩梅梅',
    numbers: [
      { countryCallingCode: '86', nationalNumber: '13800138000' },
      { countryCallingCode: '86', nationalNumber: '18600186000' },
    ],
  },
  { name: '陈港生', numbers: [{ countryCallingCode: '852', nationalNumber: '61234567' }] },
  { name: '王小明', numbers: [] },
]
