const { createPrivacyPopup, privacyTexts, usePhoneLogin } = require('../../src/native.ts')

Component({
  options: { virtualHost: true },
  properties: {
    texts: { type: Object, value: {} },
    theme: { type: String, value: 'auto' },
  },
  data: { isShown: false, name: '', text: {} },

  lifetimes: {
    attached() {
      const login = usePhoneLogin()
      this.popup = createPrivacyPopup(login, (name) => {
        const { language } = login.read()
        const text = {}
        for (const each of Object.keys(privacyTexts))
          text[each] = this.data.texts[each] || privacyTexts[each][language]
        this.setData({ isShown: name !== undefined, name: name || text.guideline, text })
      })
    },
  },

  methods: {
    onOpen() {
      this.popup.open()
    },
    onAgree() {
      this.popup.agree('haoma-agree')
    },
    onDisagree() {
      this.popup.disagree()
    },
  },
})
