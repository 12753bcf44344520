import type { AppView } from '@haoma/protocol/admin'
import { useQuery } from '@tanstack/vue-query'
import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { get } from '../api/call.ts'

/** Every app of the service; read once and kept for a while. */
export function useApps() {
  return useQuery({
    queryKey: ['apps'],
    queryFn: ({ signal }) => get<{ apps: AppView[] }>('apps', {}, signal),
    staleTime: 60_000,
  })
}

/** The app that was chosen above the page, `''` for all. It stands in the address. */
export function chosenApp(): WritableComputedRef<string> {
  const route = useRoute()
  const router = useRouter()
  return computed({
    get: () => (typeof route.query.app === 'string' ? route.query.app : ''),
    set: (appid) => {
      void router.replace({ query: { ...route.query, app: appid || undefined } })
    },
  })
}

/** What an app is called: its name where it has one. */
export function useAppName(): (appid: string | null) => string {
  const { data } = useApps()
  const names = computed(() => new Map(data.value?.apps.map(({ appid, name }) => [appid, name])))
  return (appid) => (appid ? names.value.get(appid) || appid : '–')
}
