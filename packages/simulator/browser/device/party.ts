import { DeviceError } from '../sheet/index.ts'

export interface Party {
  appid: string
  user: string
}

export interface Directory {
  apps: Array<{ appid: string; name: string }>
  users: Array<{ user: string }>
}

/** Whom the simulator knows. */
export const readDirectory = async (baseUrl: string): Promise<Directory> => {
  const response = await fetch(`${baseUrl}/_device/users`)
  return response.json()
}

/** Who this page is: as the script tag says, else the user chosen last here, else the first of each. */
export const findParty = async (baseUrl: string, given: DOMStringMap): Promise<Party> => {
  const chosen = given.user ?? rememberedUser()
  if (given.appid && chosen) return { appid: given.appid, user: chosen }
  const { apps, users } = await readDirectory(baseUrl)
  const appid = given.appid ?? apps[0]?.appid
  const user = chosen ?? users[0]?.user
  if (appid && user) return { appid, user }
  throw new DeviceError({
    code: 'NOBODY_THERE',
    zh: `模拟微信里还没有小程序或用户，请在 ${baseUrl}/ 添加。`,
    en: `The simulator has no app or no user yet. Add one at ${baseUrl}/.`,
  })
}

const KEY = 'haoma.user'

export const rememberUser = (user: string): void => localStorage.setItem(KEY, user)

const rememberedUser = (): string | undefined => localStorage.getItem(KEY) ?? undefined
