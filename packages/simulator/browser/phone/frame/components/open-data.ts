import type { Builtin } from './define.ts'
import { greyAvatar } from './grey-avatar.ts'

/**
 * `<open-data>`, which tells of nobody any more: a grey picture, the name 微信用户, and nothing of the rest.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/component/open-data.html
 */
export const openData: Builtin = {
  props: { type: '', openGid: '', lang: 'en', defaultText: '', defaultAvatar: '' },
  setup({ element, props, emit }) {
    let shown = ''
    return {
      update() {
        const type = String(props.type ?? '')
        const fallback = String(props.defaultText ?? '')
        if (shown === `${type} ${fallback}`) return
        shown = `${type} ${fallback}`
        if (type === 'userAvatarUrl') {
          const picture = document.createElement('img')
          picture.alt = ''
          picture.src = greyAvatar
          picture.style.cssText = 'display:block;width:100%'
          element.replaceChildren(picture)
          return
        }
        const text = type === 'userNickName' ? '微信用户' : ''
        element.textContent = text || fallback
        if (text === '' && type !== '') emit('error', { errMsg: `${type} is empty` })
      },
    }
  },
}
