// `node --import`: the clock of this process is off by CLOCK_OFF_MS. Timers and performance.now() go on as they do.
const offMs = Number(process.env.CLOCK_OFF_MS)
const RightDate = Date

globalThis.Date = class extends RightDate {
  constructor(...args) {
    if (args.length > 0) super(...args)
    else super(RightDate.now() + offMs)
  }
  static now() {
    return RightDate.now() + offMs
  }
}
