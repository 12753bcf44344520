import { computed, type Ref, shallowRef } from 'vue'

/** What a dialog is about, and whether it is open. To close it is to be about nothing. */
export function usePicked<T>(): { picked: Ref<T | undefined>; isOpen: Ref<boolean> } {
  const picked = shallowRef<T>()
  const isOpen = computed({
    get: () => picked.value !== undefined,
    set: (opens) => {
      if (!opens) picked.value = undefined
    },
  })
  return { picked, isOpen }
}
