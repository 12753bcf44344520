import { usePhoneLogin } from '@haoma/uni'
import { computed } from 'vue'

const texts = {
  zh: {
    login: '登录',
    me: '我的',
    title: '号码',
    slogan: '微信小程序手机号登录',
    quickNote: '微信验证过的号码，一点即用 · 0.03 元/次',
    realtimeNote: '当场验证号码，可能收到短信 · 0.04 元/次',
    welcome: '欢迎回来',
    success: '登录成功',
    known: '已登录，再次打开无需授权，也不再产生费用',
    open: '查看我的账号',
    phone: '手机号',
    verifiedAt: '验证时间',
    memberId: '会员编号',
    unbound: '未绑定',
    goLogin: '去登录',
    change: '换绑手机号',
    changeQuick: '快捷验证新号码',
    changeRealtime: '实时验证新号码',
    changed: '已换绑',
    changeNote: '选择新的号码。每次成功换绑都会产生一次验证费用。',
    cancel: '取消',
    language: '语言',
    signOut: '退出登录',
    signOutAsk: '退出后需要重新登录，确定退出吗？',
    signedOut: '未登录',
  },
  en: {
    login: 'Sign in',
    me: 'Me',
    title: 'Haoma',
    slogan: 'Phone-number login for WeChat',
    quickNote: 'Checked by WeChat before · CNY 0.03 a time',
    realtimeNote: 'Checked now, maybe by SMS · CNY 0.04 a time',
    welcome: 'Welcome back',
    success: 'Signed in',
    known: 'You are signed in. The next visit asks for nothing and costs nothing.',
    open: 'My account',
    phone: 'Phone number',
    verifiedAt: 'Verified',
    memberId: 'Member',
    unbound: 'Not bound',
    goLogin: 'Sign in',
    change: 'Change number',
    changeQuick: 'Use a number WeChat knows',
    changeRealtime: 'Verify a number now',
    changed: 'Number changed',
    changeNote: 'Pick the new number. Each change is one paid verification.',
    cancel: 'Cancel',
    language: 'Language',
    signOut: 'Sign out',
    signOutAsk: 'You will have to sign in again. Sign out?',
    signedOut: 'Signed out',
  },
}

/** The texts of the app in the current language. */
export function useTexts() {
  const { language } = usePhoneLogin()
  return computed(() => texts[language.value])
}
