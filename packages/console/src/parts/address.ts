import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** A filter that stands in the address, so that it can be sent to a colleague; `''` is none. Never for numbers or openids. */
export function addressFilter<T extends string = string>(name: string, usual = ''): WritableComputedRef<T> {
  const route = useRoute()
  const router = useRouter()
  return computed({
    get: () => (typeof route.query[name] === 'string' ? route.query[name] : usual) as T,
    set: (value) => {
      void router.replace({ query: { ...route.query, [name]: value && value !== usual ? value : undefined } })
    },
  })
}
