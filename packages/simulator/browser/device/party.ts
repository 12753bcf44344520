import { DeviceError } from '../sheet/index.ts'

export interface Party {
  appid: string
  user: string
}

export interface DeviceUser {
  name: string
  numbers: Array<{ id: string; display: string; saved: boolean }>
  openid: string
  privacyAgreed: boolean
}

const get = async <T>(url: string): Promise<T> => {
  const response = await fetch(url)
  const answer = await response.json()
  if (!response.ok) throw new DeviceError(answer.error)
  return answer
}

export const listUsers = async (baseUrl: string, appid: string): Promise<DeviceUser[]> => {
  const url = `${baseUrl}/_device/users?appid=${encodeURIComponent(appid)}`
  return (await get<{ users: DeviceUser[] }>(url)).users
}

const firstMiniProgram = async (baseUrl: string): Promise<string | undefined> => {
  const { apps } = await get<{ apps: Array<{ appid: string }> }>(`${baseUrl}/_device/apps`)
  return apps[0]?.appid
}

/** Who this page is: as the script tag says, else the user chosen last here, else the first of each. */
export const findParty = async (baseUrl: string, given: DOMStringMap): Promise<Party> => {
  const appid = given.appid || (await firstMiniProgram(baseUrl))
  const user = given.user || rememberedUser() || (appid && (await listUsers(baseUrl, appid))[0]?.name)
  if (appid && user) return { appid, user }
  throw new DeviceError({
    code: 'NOBODY_THERE',
    zh: `模拟器里还没有小程序或用户，请在 ${baseUrl}/ 添加。`,
    en: `The simulator has no mini program or no user yet. Add one at ${baseUrl}/.`,
  })
}

const KEY = 'haoma.user'

export const rememberUser = (user: string): void => localStorage.setItem(KEY, user)

const rememberedUser = (): string | undefined => localStorage.getItem(KEY) ?? undefined
