import type { Simulator } from '@haoma/simulator'

/** An app whose every consent costs money, so that the bill and the ledger can be compared in money. */
export function payingApp({ apps, control }: Simulator): { appid: string; appSecret: string } {
  const app = apps.find(({ accountType }) => accountType === 'mini-program')
  if (!app) throw new Error('the simulator has no mini program')
  control.putApp({ appid: app.appid, trial: { quick: 0 } })
  control.addPack({ appid: app.appid, component: 'quick', size: 1_000_000 })
  return app
}
