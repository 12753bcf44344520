import { expect, it } from 'vitest'
import { effectiveSettings } from './effective-settings.ts'
import { configVariables, loadConfig } from './environment.ts'

const secret = 'hunter2hunter2hunter2'
const config = loadConfig({
  HAOMA_PORT: '8080',
  HAOMA_DATABASE_URL: `postgres://haoma:${secret}@db:5432/haoma?sslmode=verify-full&password=${secret}`,
  HAOMA_APPS: `wx0000000000000001:${'a'.repeat(32)}:商城`,
  HAOMA_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  HAOMA_REDIS_URL: `redis://:${secret}@redis:6379`,
  HAOMA_METRICS_TOKEN: secret,
  HAOMA_ADMIN_LISTEN: '127.0.0.1:4001',
})
const settingOf = (name: string, options: Parameters<typeof effectiveSettings>[0]) =>
  effectiveSettings(options).find((setting) => setting.name === name)

it('has a row for every variable, in two languages', () => {
  const settings = effectiveSettings({})
  expect(settings.map(({ name }) => name)).toEqual(configVariables)
  for (const { text, isSet } of settings) {
    expect(text.zh).toMatch(/\p{Script=Han}/u)
    expect(text.en).toMatch(/^[A-Z]/)
    expect(isSet).toBe(false)
  }
})

it('shows what works, and no secret', () => {
  expect(JSON.stringify(effectiveSettings(config))).not.toMatch(/hunter2|aaaa|BwcH/)
  expect(settingOf('HAOMA_DATABASE_URL', config)?.value).toBe('postgres://db:5432/haoma')
  expect(settingOf('HAOMA_APPS', config)?.value).toBe('wx0000000000000001')
  expect(settingOf('HAOMA_REDIS_URL', config)?.value).toBe('redis://redis:6379')
  expect(settingOf('HAOMA_ADMIN_LISTEN', config)?.value).toBe('127.0.0.1:4001')
  expect(settingOf('HAOMA_METRICS_TOKEN', config)).toMatchObject({ value: null, isSecret: true, isSet: true })
  expect(settingOf('HAOMA_METRICS_TOKEN', {})).toMatchObject({ value: null, isSet: false })
  expect(settingOf('HAOMA_PORT', {})).toMatchObject({ value: '4000', isSet: false })
  expect(settingOf('HAOMA_PORT', config)).toMatchObject({ value: '8080', isSet: true })
})
