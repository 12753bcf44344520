const { createSmsForm, smsTexts, usePhoneLogin } = require('../../src/native.ts')

Component({
  options: { virtualHost: true },
  properties: {
    texts: { type: Object, value: {} },
    theme: { type: String, value: 'auto' },
  },
  data: { form: {}, text: {}, sendLabel: '' },

  observers: {
    texts() {
      this.draw()
    },
  },

  lifetimes: {
    attached() {
      const login = usePhoneLogin()
      this.login = login
      const report = ({ result, member }) => result === 'bound' && this.triggerEvent('success', member)
      this.form = createSmsForm(login, () => this.draw(), report)
      this.leave = login.subscribe(() => this.draw())
      this.draw()
    },
    detached() {
      this.leave()
      this.form.close()
    },
  },

  methods: {
    draw() {
      if (!this.form) return
      const form = this.form.read()
      const { language } = this.login.read()
      const text = {}
      for (const name of Object.keys(smsTexts)) text[name] = this.data.texts[name] || smsTexts[name][language]
      const label = form.sentTo ? text.resend : text.send
      this.setData({ form, text, sendLabel: form.waitS > 0 ? `${label} (${form.waitS})` : label })
    },
    // What a handler gives back is what WeChat shows in the field.
    onCountry({ detail }) {
      this.form.setCountry(detail.value)
      return this.form.read().country
    },
    onNumber({ detail }) {
      this.form.setNumber(detail.value)
      return this.form.read().number
    },
    onCode({ detail }) {
      this.form.setCode(detail.value)
      return this.form.read().code
    },
    onSend() {
      this.form.send()
    },
    onSubmit() {
      this.form.submit()
    },
  },
})
