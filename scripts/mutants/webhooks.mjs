const room = 'packages/server/src/webhooks'
const tests = [`${room}/webhooks.test.ts`]
const outbound = [`${room}/outbound/outbound.test.ts`]
const store = 'packages/server/src/stores/sql/webhook-store.ts'
const conformance = ['packages/server/src/stores/sql/conformance.test.ts']

/** Faults in what is told to other systems. */
export const mutants = [
  {
    file: store,
    find: "and earlier.member_seq < due.member_seq and earlier.state = 'pending'",
    replace: "and earlier.member_seq > due.member_seq and earlier.state = 'pending'",
    tests,
    why: 'a member is told of in the wrong order',
  },
  {
    file: store,
    find: 'and (events.position is null or events.position >',
    replace: 'and (events.position < 0 or events.position >',
    tests: conformance,
    why: 'an event that another process wrote with a slower clock is overtaken',
  },
  {
    file: store,
    find: ".where('lease_owner', '=', owner)",
    replace: '',
    tests: conformance,
    why: 'a process that lost a delivery writes over what the next one found out',
  },
  {
    file: `${room}/outbound/addresses.ts`,
    find: "  '169.254.0.0/16',\n",
    replace: '',
    tests: outbound,
    why: 'a webhook reads the metadata of the cloud',
  },
  {
    file: `${room}/outbound/sender.ts`,
    find: 'if (isIP(literal) && !mayConnect(literal))',
    replace: 'if (isIP(literal) === 9 && !mayConnect(literal))',
    tests: outbound,
    why: 'a literal private address is never looked up, so never checked',
  },
  {
    file: `${room}/outbound/sender.ts`,
    find: 'addresses.every(',
    replace: 'addresses.some(',
    tests: outbound,
    why: 'a name with one public address leads to a private one',
  },
  {
    file: `${room}/secrets.ts`,
    find: '({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > message.nowMs',
    replace: '() => true',
    tests,
    why: 'a secret that was replaced signs for ever',
  },
  {
    file: `${room}/deliver.ts`,
    find: 'const isOverdue = nowMs - failingSinceMs >= DISABLE_AFTER_MS',
    replace: 'const isOverdue = nowMs - failingSinceMs < 0',
    tests,
    why: 'an endpoint that is gone is called for ever',
  },
  {
    file: `${room}/deliver.ts`,
    find: 'endpoint.withNumber ? endpoint.id : undefined',
    replace: 'endpoint.id',
    tests,
    why: 'every endpoint gets full numbers',
  },
  {
    file: `${room}/fan-out.ts`,
    find: "state: endpoint.isEnabled ? 'pending' : 'held'",
    replace: "state: 'pending'",
    tests,
    why: 'an endpoint that is off is sent to',
  },
]
