import { onShow } from '@dcloudio/uni-app'
import { watch } from 'vue'
import { useTexts } from './texts'

/** Keeps the title of a page and the tabs, which are outside of any page, in the current language. */
export function useBars(title: 'login' | 'me') {
  const texts = useTexts()
  function nameBars() {
    uni.setNavigationBarTitle({ title: texts.value[title] })
    uni.setTabBarItem({ index: 0, text: texts.value.login })
    uni.setTabBarItem({ index: 1, text: texts.value.me })
  }
  onShow(nameBars)
  watch(texts, nameBars)
}
