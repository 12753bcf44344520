import { type ComputedRef, computed } from 'vue'
import { useI18n } from 'vue-i18n'

/** What is paid for, to pick from. */
export function usePaidComponents(): ComputedRef<{ value: string; label: string }[]> {
  const { t } = useI18n()
  return computed(() =>
    ['quick', 'realtime'].map((value) => ({ value, label: t(`componentsLong.${value}`) })),
  )
}
