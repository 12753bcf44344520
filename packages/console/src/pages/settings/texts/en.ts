import type { Shape } from '../../../texts/zh.ts'
import type { texts as zh } from './zh.ts'

export const texts: Shape<typeof zh> = {
  settings: {
    title: 'Settings',
    lead: 'What the service runs with, as the environment says. Of secrets only whether they are set.',
    name: 'Variable',
    value: 'In use',
    text: 'What it does',
    secretSet: 'Set (not shown)',
    usual: 'default',
    service: 'Service',
    version: 'Version',
    database: 'Database',
    schema: 'Schema',
    wechat: 'WeChat',
    hosts: 'Hosts',
    simulator: 'The simulator: anybody can be anybody, for development only',
    real: 'The real one',
  },
}
