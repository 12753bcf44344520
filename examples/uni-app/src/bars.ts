import { onShow } from '@dcloudio/uni-app'
import { watch } from 'vue'
import { type TextName, useTexts } from './texts'

const tabs = ['login', 'order', 'me'] as const

/** Keeps the title of a page and the tabs, which are outside of any page, in the current language. */
export function useBars(title: TextName) {
  const texts = useTexts()
  function nameBars() {
    uni.setNavigationBarTitle({ title: texts.value[title] })
    if (!tabs.some((tab) => tab === title)) return
    for (const [index, tab] of tabs.entries()) uni.setTabBarItem({ index, text: texts.value[tab] })
  }
  onShow(nameBars)
  watch(texts, nameBars)
}
