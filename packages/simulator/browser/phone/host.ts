// What the frame (where the mini program runs) and the chrome around it (the phone, WeChat's native parts)
// ask of each other. Both are windows of one origin, so these are plain calls.

import type { Device } from '../sheet/index.ts'

/** Which client WeChat pretends to be; refusal texts and system facts follow it. */
export type Platform = 'ios' | 'android' | 'devtools' | 'windows' | 'mac' | 'harmony' | 'wxwork'

/** What the phone is, as `wx.getSystemInfo` and its relatives tell it. Lengths in CSS pixels. */
export interface DeviceFacts {
  platform: Platform
  /** What WeChat calls the platform. */
  toldPlatform: string
  /** `wxwork` in WeCom, which alone tells it. */
  environment: string | undefined
  language: 'zh_CN' | 'en'
  theme: 'light' | 'dark'
  wechatVersion: string
  baseLibrary: string
  brand: string
  model: string
  system: string
  pixelRatio: number
  screenWidth: number
  screenHeight: number
  statusBarHeight: number
  safeAreaBottom: number
  menuButton: { top: number; right: number; width: number; height: number }
}

/** The bar above a page. */
export interface NavigationBar {
  title: string
  background: string
  text: 'black' | 'white'
  custom: boolean
  loading: boolean
  canGoBack: boolean
  canGoHome: boolean
}

/** One entry of the tab bar. */
export interface TabItem {
  pagePath: string
  text: string
  iconPath?: string
  selectedIconPath?: string
  badge?: string
  dot?: boolean
}

/** The bar below a tab page. */
export interface TabBar {
  color: string
  selectedColor: string
  background: string
  border: 'black' | 'white'
  position: 'bottom' | 'top'
  items: TabItem[]
  selected: number
}

/** `wx.showToast` and `wx.showLoading`. */
export interface Toast {
  title: string
  icon: 'success' | 'error' | 'loading' | 'none'
  image?: string
  /** Absent for one that stays until hidden. */
  durationMs?: number
  mask: boolean
}

/** `wx.showModal`. */
export interface Modal {
  title: string
  content: string
  showCancel: boolean
  cancelText: string
  cancelColor: string
  confirmText: string
  confirmColor: string
  editable: boolean
  placeholderText: string
}

/** What was tapped in a modal. */
export interface ModalResult {
  confirm: boolean
  cancel: boolean
  content: string | null
}

/** A list of choices that slides up from below. */
export interface ActionSheet {
  alertText: string
  items: string[]
  itemColor: string
  /** The entry a picker opens on; it is marked. */
  selected?: number
}

/** One line of the console strip. */
export interface LogEntry {
  level: 'log' | 'info' | 'warn' | 'error' | 'debug' | 'unsupported' | 'request'
  text: string
}

/** `wx.request`, made ready to be sent: see `ProxyRequest` of the server. */
export interface OutgoingRequest {
  url: string
  method: string
  header: Record<string, string>
  body?: string
  timeoutMs: number
}

/** What the chrome gives the frame. */
export interface Host {
  appid: string
  user: string
  /** WeChat's own client abilities, with the consent sheet. */
  device: Device
  facts(): DeviceFacts
  showNavigationBar(bar: NavigationBar): void
  showTabBar(bar: TabBar | undefined): void
  showToast(toast: Toast | undefined): void
  showModal(modal: Modal): Promise<ModalResult>
  /** Answers with the index tapped, or −1. */
  showActionSheet(sheet: ActionSheet): Promise<number>
  previewImages(urls: string[], current: number): void
  send(request: OutgoingRequest, signal: AbortSignal): Promise<unknown>
  log(entry: LogEntry): void
  pageChanged(path: string): void
}

/** What the frame gives the chrome. */
export interface Frame {
  goBack(): void
  goHome(): void
  switchTab(index: number): void
  hide(): void
  show(): void
  themeChanged(): void
}
