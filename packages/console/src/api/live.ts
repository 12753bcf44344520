import { onBeforeUnmount, onMounted, ref } from 'vue'
import { adminAddress, type Query } from './call.ts'

/** `live`: told of each event. `polling`: the stream is down, so the clock asks. `off`: nobody wants it. */
export type LiveState = 'live' | 'polling' | 'off'

const pollMs = 10_000
const longestPauseMs = 60_000

interface LiveParts<Event> {
  /** Path and query of the stream below `/admin/v1`; undefined wants none. */
  address: () => { path: string; query?: Query } | undefined
  /** Name of its events. */
  event: string
  onEvent: (data: Event) => void
  /** Asks for everything, when events may have been missed. */
  refresh: () => void
}

/**
 * Follows a stream of server-sent events while the page is seen. While it cannot be had, `refresh` is called by the clock
 * instead, and the stream is tried again with longer and longer pauses.
 */
export function useLive<Event>({ address, event, onEvent, refresh }: LiveParts<Event>) {
  const state = ref<LiveState>('off')
  let source: EventSource | undefined
  let poll: ReturnType<typeof setInterval> | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let pauseMs = 1000

  const stopPolling = () => {
    clearInterval(poll)
    poll = undefined
  }

  const open = () => {
    const wanted = address()
    if (!wanted) return
    const opened = new EventSource(adminAddress(wanted.path, wanted.query), { withCredentials: true })
    source = opened
    opened.onopen = () => {
      // What came between two streams was told to nobody.
      if (poll !== undefined) refresh()
      stopPolling()
      state.value = 'live'
      pauseMs = 1000
    }
    opened.addEventListener(event, ({ data }) => onEvent(JSON.parse(data) as Event))
    opened.onerror = () => {
      opened.close()
      state.value = 'polling'
      poll ??= setInterval(refresh, pollMs)
      retry = setTimeout(open, pauseMs)
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    }
  }

  const stop = () => {
    source?.close()
    source = undefined
    clearTimeout(retry)
    stopPolling()
    state.value = 'off'
  }

  const restart = () => {
    stop()
    if (!document.hidden) open()
  }

  const turn = () => {
    if (!document.hidden) refresh()
    restart()
  }
  onMounted(() => {
    restart()
    document.addEventListener('visibilitychange', turn)
  })
  onBeforeUnmount(() => {
    stop()
    document.removeEventListener('visibilitychange', turn)
  })
  return { state, restart }
}
