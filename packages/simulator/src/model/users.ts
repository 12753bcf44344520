import { createHash } from 'node:crypto'
import { notFound, type SimulatorError } from '../errors.ts'
import type { App } from './apps.ts'
import { derivePhoneNumber, isSameNumber, type PhoneNumber } from './phone-numbers.ts'

/** A number in a user's WeChat. */
export interface UserNumber extends PhoneNumber {
  /** Unique within the user. */
  id: string
  /** `bound` to the WeChat account, or `added` on a consent sheet and saved. */
  origin: 'bound' | 'added'
}

/** A person with WeChat on their phone. The name is the key everywhere. */
export interface User {
  name: string
  numbers: UserNumber[]
  /** WeChat takes the user for a risk: code2Session answers 40226. */
  blocked: boolean
}

export interface UserInput {
  name: string
  numbers?: readonly PhoneNumber[] | undefined
  blocked?: boolean | undefined
}

export interface Users {
  /** Adds a user or changes the given fields of one. A new user without numbers gets one of their own. */
  put(input: UserInput): User
  /** The user of that name, made on the spot when nobody knows it. */
  meet(name: string): User
  addNumber(user: User, number: PhoneNumber): UserNumber
  remove(name: string): void
  list(): User[]
}

export function createUsers(): Users {
  const users = new Map<string, User>()
  const taken = new Set<string>()

  const withIds = (numbers: readonly PhoneNumber[]): UserNumber[] =>
    numbers.map((number, index) => ({
      id: `n${index + 1}`,
      countryCallingCode: number.countryCallingCode,
      nationalNumber: number.nationalNumber,
      origin: 'origin' in number && number.origin === 'added' ? 'added' : 'bound',
    }))
  const release = (user: User) => {
    for (const number of user.numbers) taken.delete(number.nationalNumber)
  }
  const claim = (user: User) => {
    for (const number of user.numbers) taken.add(number.nationalNumber)
  }
  const put = ({ name, numbers, blocked }: UserInput): User => {
    const known = users.get(name)
    if (known) release(known)
    const user: User = {
      name,
      numbers: numbers
        ? withIds(numbers)
        : (known?.numbers ?? withIds([derivePhoneNumber(name, (number) => taken.has(number))])),
      blocked: blocked ?? known?.blocked ?? false,
    }
    claim(user)
    users.set(name, user)
    return user
  }

  return {
    put,
    meet: (name) => users.get(name) ?? put({ name }),
    addNumber(user, number) {
      const same = user.numbers.find((own) => isSameNumber(own, number))
      if (same) return same
      const added: UserNumber = { ...number, id: `n${user.numbers.length + 1}`, origin: 'added' }
      user.numbers.push(added)
      taken.add(added.nationalNumber)
      return added
    },
    remove(name) {
      const user = users.get(name)
      if (!user) throw unknownUser(name)
      release(user)
      users.delete(name)
    },
    list: () => [...users.values()],
  }
}

function unknownUser(name: string): SimulatorError {
  return notFound('UNKNOWN_USER', { zh: `没有名为 ${name} 的用户。`, en: `There is no user ${name}.` })
}

/** The openid: one per app and user, 28 characters that start with `o`, the same in every run. */
export function openidOf(app: App, userName: string): string {
  return stableId(`openid|${app.appid}|${userName}`)
}

/** The unionid: one per open-platform account and user, absent for an app that is bound to none. */
export function unionidOf(app: App, userName: string): string | undefined {
  return app.openPlatform === null ? undefined : stableId(`unionid|${app.openPlatform}|${userName}`)
}

function stableId(input: string): string {
  return `o${createHash('sha256').update(input).digest('base64url').slice(0, 27)}`
}
