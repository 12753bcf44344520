// The script of the login page of every library: native mini programs are written like this.
import { describe } from '../../lib/describe'

Page({
  data: { result: '', name: '', tab: 0, isOpen: false, isAgreed: false },
  onQuick({ detail }) {
    this.setData({ result: describe('quick', detail), isOpen: false })
  },
  onRealtime({ detail }) {
    this.setData({ result: describe('realtime', detail), isOpen: false })
  },
  onName({ detail }) {
    this.setData({ name: typeof detail === 'string' ? detail : detail.value })
  },
  onTab({ detail }) {
    this.setData({ tab: Number(detail.index ?? detail.value) })
  },
  onAgree() {
    this.setData({ isAgreed: !this.data.isAgreed })
  },
  open() {
    this.setData({ isOpen: true })
  },
  close() {
    this.setData({ isOpen: false })
  },
})
