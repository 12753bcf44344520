import { shallowRef } from 'vue'
import { api } from '../api.ts'

/** A wording of real clients, as `GET /_control/next-event` lists it. */
interface Ending {
  ending: string
  tail: string
  errno?: number
  zh: string
  en: string
}

export const endings = shallowRef<Ending[]>([])

/** The list never changes while the page lives, so it is read once. */
export const readEndings = async (): Promise<void> => {
  if (endings.value.length > 0) return
  endings.value = (await api.get<{ endings: Ending[] }>('next-event')).endings
}
