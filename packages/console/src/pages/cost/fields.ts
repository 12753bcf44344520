/** What is paid for, to pick from. */
export const paidComponents = (t: (key: string) => string) =>
  (['quick', 'realtime'] as const).map((value) => ({
    value: value as string,
    label: t(`componentsLong.${value}`),
  }))

/** The moment at which a day of Asia/Shanghai begins. */
export const startOf = (day: string): string => new Date(`${day}T00:00:00+08:00`).toISOString()

/** The day of Asia/Shanghai that a moment lies in, as a date field has it. */
export const dayOf = (at: string): string =>
  new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 10)
