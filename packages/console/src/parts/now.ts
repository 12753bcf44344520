import { ref } from 'vue'

/** The present, followed each second while the page is seen: one clock for every countdown. */
export const nowMs = ref(Date.now())

setInterval(() => {
  if (!document.hidden) nowMs.value = Date.now()
}, 1000)
