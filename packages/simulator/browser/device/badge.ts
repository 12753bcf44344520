import { h } from '../sheet/dom.ts'
import type { Device, Language } from '../sheet/index.ts'
import css from './badge.css?inline'
import type { HaomaDevice } from './main.ts'
import type { DeviceUser } from './party.ts'

const texts = {
  zh: {
    badge: '微信模拟器',
    users: '切换用户',
    control: '打开控制页',
    hide: '隐藏此标记',
    gone: '模拟器没有响应',
  },
  en: {
    badge: 'WeChat simulator',
    users: 'Switch user',
    control: 'Open the control page',
    hide: 'Hide this badge',
    gone: 'The simulator does not answer',
  },
}

const HIDDEN = 'haoma.badge.hidden'

interface BadgeOptions {
  baseUrl: string
  device: () => Promise<Device>
  haomaDevice: HaomaDevice
  language: Language | undefined
}

/** A pill in the corner that says the page runs on the simulator and as whom, and lets one change that. */
export const showBadge = async ({ baseUrl, device, haomaDevice, language }: BadgeOptions) => {
  if (sessionStorage.getItem(HIDDEN)) return
  const t = texts[language ?? (navigator.language.startsWith('zh') ? 'zh' : 'en')]
  const host = h('div', { 'data-haoma-badge': true })
  const root = host.attachShadow({ mode: 'open' })
  const name = h('span')
  const menu = h('div', { class: 'menu', role: 'menu', hidden: true, 'data-testid': 'haoma-badge-menu' })
  const pill = h(
    'button',
    {
      class: 'badge',
      type: 'button',
      'aria-haspopup': 'menu',
      'data-testid': 'haoma-badge',
      onclick: () => void toggle(),
    },
    name,
  )
  root.append(h('style', {}, css), menu, pill)

  const label = () => {
    name.textContent = haomaDevice.user ? `${t.badge} · ${haomaDevice.user}` : `${t.badge} · ${t.gone}`
  }
  const setOpen = (open: boolean) => {
    menu.hidden = !open
    pill.setAttribute('aria-expanded', `${open}`)
  }
  const toggle = async () => {
    if (!menu.hidden) return setOpen(false)
    const users = await haomaDevice.users().catch(() => undefined)
    label()
    menu.replaceChildren(
      h('p', { role: 'presentation' }, users ? t.users : `${t.gone} (npm start / npx haoma simulate)`),
      h('div', { class: 'users', role: 'group', 'aria-label': t.users }, ...(users ?? []).map(userItem)),
      h('hr'),
      h('a', { role: 'menuitem', href: `${baseUrl}/`, target: '_blank', rel: 'noreferrer' }, t.control),
      h(
        'button',
        { role: 'menuitem', type: 'button', 'data-testid': 'haoma-badge-hide', onclick: hide },
        t.hide,
      ),
    )
    setOpen(true)
    menu.querySelector<HTMLElement>('[role^=menuitem]')?.focus()
  }
  const userItem = ({ name: user }: DeviceUser) =>
    h(
      'button',
      {
        role: 'menuitemradio',
        type: 'button',
        'aria-checked': `${user === haomaDevice.user}`,
        'data-testid': `haoma-badge-user-${user}`,
        onclick: () => {
          setOpen(false)
          void haomaDevice.switchUser(user)
        },
      },
      user,
    )
  const hide = () => {
    sessionStorage.setItem(HIDDEN, '1')
    host.remove()
  }

  window.addEventListener('haomauserchange', label)
  host.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape') return
    setOpen(false)
    pill.focus()
  })
  document.addEventListener('click', (event) => {
    if (!event.composedPath().includes(host)) setOpen(false)
  })
  await device().catch(() => undefined)
  label()
  whenParsed(() => document.body.append(host))
}

const whenParsed = (run: () => void): void => {
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', run, { once: true })
  else run()
}
