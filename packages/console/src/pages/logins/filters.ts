import type { LoginEntry, LoginSearchRequest } from '@haoma/protocol/admin'
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { endOf, startOf } from '../../format/days.ts'
import { addressFilter } from '../../parts/address.ts'
import { chosenApp } from '../../parts/apps.ts'
import { readFilter } from '../../parts/saved-filter.ts'

/** What may be kept in a saved filter of this page. */
const kept = ['openid', 'codeHash', 'masked', 'e164', 'memberId', 'requestId'] as const
type Kept = Partial<Record<(typeof kept)[number], string>>

/** The filters of the list of logins: in the address, but for what holds a number or an openid. */
export function useLoginFilters() {
  const route = useRoute()
  const router = useRouter()
  const appid = chosenApp()
  const outcome = addressFilter('outcome')
  const way = addressFilter('way')
  const from = addressFilter('from')
  const to = addressFilter('to')
  const code = addressFilter('code')
  const rid = addressFilter('rid')
  const memberId = addressFilter('member')
  const savedId = addressFilter('filter')

  const saved = useQuery({
    queryKey: computed(() => ['filter', savedId.value]),
    queryFn: async ({ signal }) => {
      const filter = await readFilter(savedId.value, signal)
      return Object.fromEntries(
        kept.flatMap((name) => (typeof filter[name] === 'string' ? [[name, filter[name]]] : [])),
      ) as Kept
    },
    enabled: computed(() => savedId.value !== ''),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const hidden = computed<Kept>(() => (savedId.value ? (saved.data.value ?? {}) : {}))

  const request = computed<LoginSearchRequest>(() => ({
    ...hidden.value,
    ...(appid.value && { appid: appid.value }),
    ...(outcome.value && { outcome: outcome.value }),
    ...(way.value && { way: way.value as LoginEntry['way'] }),
    ...(from.value && { from: startOf(from.value) }),
    ...(to.value && { to: endOf(to.value) }),
    ...(code.value && { supportCode: code.value }),
    ...(rid.value && { rid: rid.value }),
    ...(memberId.value && { memberId: memberId.value }),
  }))

  /** What stands in no field of the page, each with the way to take it off. */
  const chips = computed(() => {
    const isUsual = ['', 'ok', 'failed'].includes(outcome.value)
    return [
      { name: 'code', value: code.value, clear: () => set({ code: undefined }) },
      { name: 'rid', value: rid.value, clear: () => set({ rid: undefined }) },
      { name: 'memberId', value: memberId.value, clear: () => set({ member: undefined }) },
      { name: 'outcome', value: isUsual ? '' : outcome.value, clear: () => set({ outcome: undefined }) },
      ...Object.entries(hidden.value).map(([name, value]) => ({
        name,
        value: value ?? '',
        clear: () => set({ filter: undefined }),
      })),
    ].filter(({ value }) => value !== '')
  })
  const set = (changed: Record<string, string | undefined>) =>
    void router.replace({ query: { ...route.query, ...changed } })
  const clear = () => void router.replace({ query: { app: appid.value || undefined } })

  return {
    appid,
    outcome,
    way,
    from,
    to,
    saved,
    request,
    chips,
    clear,
    set,
    /** Whether the list is ready to be asked for: a saved filter has to be read first. */
    isReady: computed(() => savedId.value === '' || saved.data.value !== undefined),
    isFiltered: computed(() => Object.keys(request.value).some((name) => name !== 'appid')),
  }
}
