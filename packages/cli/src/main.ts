import { defineCommand } from 'citty'
import manifest from '../package.json' with { type: 'json' }
import { runStrictly } from './strict.ts'

const main = defineCommand({
  meta: {
    name: 'haoma',
    version: manifest.version,
    description: '微信小程序手机号登录 · Phone-number login for WeChat Mini Programs',
  },
  subCommands: {
    admin: () => import('./admin.ts').then((module) => module.admin),
    'api-key': () => import('./api-key.ts').then((module) => module.apiKey),
    app: () => import('./app.ts').then((module) => module.app),
    backup: () => import('./backup.ts').then((module) => module.backup),
    client: () => import('./client.ts').then((module) => module.client),
    doctor: () => import('./doctor.ts').then((module) => module.doctor),
    key: () => import('./key.ts').then((module) => module.key),
    ledger: () => import('./ledger.ts').then((module) => module.ledger),
    migrate: () => import('./migrate.ts').then((module) => module.migrate),
    restore: () => import('./restore.ts').then((module) => module.restore),
    listen: () => import('./listen.ts').then((module) => module.listen),
    start: () => import('./start.ts').then((module) => module.start),
    rekey: () => import('./rekey.ts').then((module) => module.rekeyNumbers),
    simulate: () => import('./simulate.ts').then((module) => module.simulate),
    token: () => import('./token.ts').then((module) => module.token),
    trigger: () => import('./trigger.ts').then((module) => module.trigger),
    webhook: () => import('./webhook.ts').then((module) => module.webhook),
  },
})

await runStrictly(main, process.argv.slice(2))
