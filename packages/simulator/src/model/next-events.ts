interface Denial {
  appid?: string | undefined
  user?: string | undefined
  count: number
}

/** Refusals that were ordered beforehand: the next sheets answer "deny" by themselves. */
export interface Denials {
  add(denial: Denial): void
  /** Whether an ordered refusal falls on this tap; it is used up by the question. */
  take(appid: string, user: string): boolean
  list(): readonly Denial[]
}

export function createDenials(): Denials {
  const denials: Denial[] = []
  return {
    add: (denial) => void denials.push({ ...denial }),
    take(appid, user) {
      const index = denials.findIndex(
        (denial) => (denial.appid ?? appid) === appid && (denial.user ?? user) === user,
      )
      const denial = denials[index]
      if (!denial) return false
      if (--denial.count <= 0) denials.splice(index, 1)
      return true
    },
    list: () => denials,
  }
}
