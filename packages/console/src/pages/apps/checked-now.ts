import type { AppCheckResponse } from '@haoma/protocol/admin'
import { ref } from 'vue'

/** The check that came with adding or changing an app, for the page that shows it. */
export const checkedNow = ref<AppCheckResponse | null>(null)
