const { buttonOf, pressButton, usePhoneLogin } = require('../../src/native.ts')

/** What `<phone-login-button>` takes; see `ButtonProps` in the package's types. */
const properties = {
  component: { type: String, value: 'quick' },
  rebind: Boolean,
  quotaToast: Boolean,
  type: { type: String, value: 'primary' },
  text: String,
  texts: { type: Object, value: {} },
  theme: { type: String, value: 'auto' },
  fallback: { type: String, value: 'sms' },
  privacy: { type: String, value: 'auto' },
  reverify: { type: Boolean, value: true },
  /** Whether the slot `look` is drawn in place of the text. */
  customLook: Boolean,
}

Component({
  options: { multipleSlots: true, virtualHost: true },
  properties,
  data: { button: { isKnown: false, press: 'nothing' } },

  observers: {
    [Object.keys(properties).join(', ')]() {
      this.draw()
    },
  },

  lifetimes: {
    attached() {
      this.login = usePhoneLogin()
      this.leave = this.login.subscribe(() => this.draw())
      this.draw()
      if (!this.data.button.isKnown) this.login.shown(this.data.component)
    },
    detached() {
      this.leave()
    },
  },

  methods: {
    draw() {
      if (this.login) this.setData({ button: buttonOf(this.login.read(), this.data) })
    },
    report(outcome) {
      const { result, error, member } = outcome
      if (result === 'bound') this.triggerEvent('success', member)
      if (result === 'denied') this.triggerEvent('denied', error)
      if (result === 'failed') this.triggerEvent('error', error)
    },
    onPress() {
      const { button, quotaToast } = this.data
      pressButton(this.login, button, { quotaToast, report: (outcome) => this.report(outcome) })
    },
    onPhone(event) {
      this.login.answer(event, this.data.button.component, (outcome) => this.report(outcome))
    },
    onAgree() {
      this.login.agreePrivacy()
    },
    onDismiss() {
      this.login.dismiss()
    },
    onSms({ detail }) {
      this.triggerEvent('success', detail)
    },
  },
})
