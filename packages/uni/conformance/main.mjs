#!/usr/bin/env node
// haoma-conformance --url http://127.0.0.1:3000: asks a back end what the mini program asks a login service, and says what
// differs. WeChat is played by the simulator: the back end under test has to have its address in WeChat's place.
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { createBackEnd } from './back-end.mjs'
import { checks } from './checks.mjs'
import { Nonconforming } from './expect.mjs'

const say = (text) => process.stdout.write(`${text}\n`)

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    simulator: { type: 'string', default: 'http://127.0.0.1:4010' },
    appid: { type: 'string', default: 'wx5f0a3c9e7b1d2468' },
    help: { type: 'boolean', short: 'h' },
  },
})

if (values.help || !values.url) {
  say(`haoma-conformance --url <address> [--simulator http://127.0.0.1:4010] [--appid wx5f0a3c9e7b1d2468]

检查一个自己实现 /v1/login 的后端。它要以模拟器为微信：npx haoma simulate，并把微信的地址换成 http://127.0.0.1:4010。
Checks a back end that serves /v1/login itself. Its WeChat has to be the simulator: npx haoma simulate, and
http://127.0.0.1:4010 in the place of WeChat's address.`)
  process.exit(values.help ? 0 : 2)
}

let failed = 0
for (const [name, run] of checks) {
  // Each with a person of its own, who has no number yet.
  const backEnd = createBackEnd({ ...values, user: `conformance ${randomUUID()}` })
  try {
    await run(backEnd)
    say(`✓ ${name}`)
  } catch (error) {
    failed++
    const wrong = error instanceof Nonconforming ? error.message : `${error} ${error?.cause ?? ''}`.trim()
    say(`✗ ${name}\n  ${wrong}`)
  }
}
say(`\n${checks.length - failed} / ${checks.length}`)
process.exitCode = failed > 0 ? 1 : 0
