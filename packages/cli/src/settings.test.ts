import { expect, it } from 'vitest'
import { readSettings } from './settings.ts'

it('counts an empty port as unset', () => {
  expect(readSettings({ HAOMA_SIMULATOR_PORT: '81', HAOMA_DEMO_PORT: ' ' })).toMatchObject({
    port: 4000,
    simulatorPort: 81,
    demoPort: 4020,
  })
})

it('names what is wrong with the service and with its own ports at once', () => {
  const env = { HAOMA_PORT: 'eighty', HAOMA_SIMULATOR_PORT: '70000', HAOMA_DEMO_PORT: '0' }
  expect(() => readSettings(env)).toThrow(/HAOMA_PORT.*\n.*HAOMA_SIMULATOR_PORT.*\n.*HAOMA_DEMO_PORT/)
})
