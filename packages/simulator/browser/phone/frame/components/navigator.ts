import type { Builtin } from './define.ts'
import { addHover } from './hover.ts'
import type { Services } from './services.ts'

const calls: Record<string, string> = {
  navigate: 'navigateTo',
  redirect: 'redirectTo',
  switchTab: 'switchTab',
  reLaunch: 'reLaunch',
  navigateBack: 'navigateBack',
}

/** `<navigator>` within the mini program. */
export function createNavigator(services: Services): Builtin {
  return {
    props: {
      url: '',
      openType: 'navigate',
      delta: 1,
      hoverClass: 'navigator-hover',
      hoverStopPropagation: false,
      hoverStartTime: 50,
      hoverStayTime: 600,
      target: 'self',
    },
    setup(context) {
      const { element, props } = context
      element.setAttribute('role', 'link')
      element.tabIndex = 0
      addHover(context)
      element.addEventListener('click', () => {
        const call = calls[String(props.openType)]
        if (call === undefined || props.target === 'miniProgram') {
          services.unsupported(`<navigator open-type="${props.openType}" target="${props.target}">`)
          return
        }
        services.navigate(call, call === 'navigateBack' ? { delta: props.delta } : { url: props.url })
      })
      return undefined
    },
  }
}
