import { computed, ref, shallowRef } from 'vue'
import { api, ControlError } from './api.ts'
import { chosenAppid, chosenUser } from './settings.ts'
import type { LogEntry, State } from './state.ts'

/** How many log entries the page holds. */
export const LOG_SHOWN = 500

const POLL_MS = 2000
const SETTLE_MS = 150

/** What the page knows of the simulator; kept when the connection is lost, so that one can still read it. */
export const state = shallowRef<State>()
export const log = shallowRef<LogEntry[]>([])
export const link = ref<'connecting' | 'live' | 'lost'>('connecting')
/** What went wrong with the last thing the person did here. */
export const problem = ref('')

/** The model's clock, ticking between two looks at it. */
export const nowMs = ref(Date.now())
let clockReadAt = Date.now()
const tick = () => {
  const clock = state.value?.clock
  if (clock)
    nowMs.value = clock.nowMs + (clock.frozen || link.value === 'lost' ? 0 : Date.now() - clockReadAt)
}

const read = async (): Promise<void> => {
  state.value = await api.get<State>('state')
  clockReadAt = Date.now()
  tick()
}
let reading: Promise<void> | undefined
let again: Promise<void> | undefined
/** One look at a time: whoever asks while one is under way gets the next, and all who wait share it. */
const refresh = (): Promise<void> => {
  if (!reading) {
    reading = read().finally(() => {
      reading = undefined
    })
    return reading
  }
  again ??= reading
    .catch(() => undefined)
    .then(() => {
      again = undefined
      return refresh()
    })
  return again
}

const identify = ({ seq, atMs }: LogEntry): string => `${seq} ${atMs}`

/** A simulator that was reset counts from one again; what came before it is not of this life. */
const append = (entries: LogEntry[]) => {
  // Entries of a phone have no rid.
  const known = new Set(log.value.map(identify))
  let kept = log.value
  for (const entry of entries) {
    if (known.has(identify(entry))) continue
    kept = entry.seq > (kept.at(-1)?.seq ?? 0) ? [...kept.slice(1 - LOG_SHOWN), entry] : [entry]
  }
  log.value = kept
}

// Under load thousands of entries come in a second; the page takes them in batches, and looks once for each.
let arrived: LogEntry[] = []
const take = (entry: LogEntry) => {
  if (arrived.length === 0) setTimeout(settle, SETTLE_MS)
  arrived.push(entry)
}
const settle = () => {
  append(arrived.slice(-LOG_SHOWN))
  arrived = []
  refresh().catch(() => undefined)
}

const reloadLog = async () => {
  const { entries } = await api.get<{ entries: LogEntry[] }>(`log?limit=${LOG_SHOWN}`)
  log.value = entries
}

/** Follows the simulator for as long as the page lives; the browser reconnects by itself. */
export const follow = () => {
  const events = new EventSource('/_control/events')
  events.onopen = () => {
    link.value = 'live'
    Promise.all([refresh(), reloadLog()]).catch(() => undefined)
  }
  events.onerror = () => {
    link.value = 'lost'
    if (events.readyState === EventSource.CLOSED) setTimeout(follow, POLL_MS)
  }
  events.addEventListener('request', ({ data }) => {
    take(JSON.parse(data) as LogEntry)
  })
}

setInterval(tick, 500)
// Changes that others make with the control endpoints send no event.
setInterval(() => {
  if (link.value === 'live' && document.visibilityState === 'visible') refresh().catch(() => undefined)
}, POLL_MS)

/** Does something to the simulator and shows its effect, or what is wrong; resolves with whether it worked. */
export const act = async (change: () => Promise<unknown>): Promise<boolean> => {
  problem.value = ''
  try {
    await change()
    await refresh()
    return true
  } catch (error) {
    if (!(error instanceof ControlError)) throw error
    problem.value = error.message
    return false
  }
}

export const reset = () =>
  act(async () => {
    await api.post('reset', {})
    log.value = []
  })

export const miniPrograms = computed(
  () => state.value?.apps.filter(({ accountType }) => accountType === 'mini-program') ?? [],
)
/** The app and user the page is about: the chosen ones while they exist, else the first. */
export const app = computed(
  () => miniPrograms.value.find(({ appid }) => appid === chosenAppid.value) ?? miniPrograms.value[0],
)
export const user = computed(
  () => state.value?.users.find(({ name }) => name === chosenUser.value) ?? state.value?.users[0],
)
export const nameOf = (appid: string | undefined): string =>
  state.value?.apps.find((known) => known.appid === appid)?.name ?? appid ?? ''

/** Whether WeChat said no, or nothing. */
export const isRefused = ({ errcode, status }: LogEntry): boolean => Boolean(errcode) || status !== 200
