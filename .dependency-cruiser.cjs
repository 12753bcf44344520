// Who may import whom (docs/decisions/0001-parts-and-direction.md). `npm run check` fails on a violation.
const ours = '^packages/'
const only = (name, folder, allowed) => ({
  name,
  severity: 'error',
  comment: `${folder} may import only ${allowed.length ? allowed.join(', ') : 'none of ours'}`,
  from: { path: `^packages/${folder}/` },
  to: { path: ours, pathNot: [folder, ...allowed].map((f) => `^packages/${f}/`) },
})

// The rooms of the login service, by floor: a room imports from floors below its own, never from its own floor or above
// (packages/server/README.md has the map). A strict order leaves no room for cycles between folders.
const floors = [
  ['kernel', 'crypto'],
  ['stores'],
  ['jobs'],
  ['numbers'],
  ['ledger', 'webhooks', 'guards', 'apps', 'journal'],
  ['members'],
  ['exchange', 'sessions', 'tokens', 'admin', 'alerts'],
  ['ways', 'operations'],
  ['http', 'config'],
  ['surfaces'],
  ['assembly'],
  ['beside'],
]
const server = '^packages/server/src/'
const inRoom = (rooms) => `${server}(${rooms.join('|')})/`
/** Rooms of one floor that may look into each other's, in one direction. */
const beside = { crypto: ['kernel'] }
/** Every option is named once, above the house; these rooms read them. */
const readsOptions = ['config', 'assembly', 'beside']

const floorRules = floors.flatMap((rooms, height) =>
  rooms.map((room) => ({
    name: `server-floor-${room}`,
    severity: 'error',
    comment: `packages/server/src/${room} imports only from floors below its own`,
    // Tests look at their room through the whole service.
    from: { path: inRoom([room]), pathNot: '\\.test\\.ts$' },
    to: {
      path: server,
      pathNot: [
        inRoom([room, ...(beside[room] ?? []), ...floors.slice(0, height).flat()]),
        ...(readsOptions.includes(room) ? [`${server}options\\.ts$`] : []),
      ],
    },
  })),
)

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      // Styles of Element Plus stand behind a condition for types that names no file.
      to: {
        couldNotResolve: true,
        pathNot: '^(virtual:|@dcloudio|element-plus/es/components/[a-z-]+/style/css$)',
      },
    },
    only('protocol-is-a-leaf', 'protocol', []),
    // Tests of the SDK run against the simulator; its code never does.
    {
      ...only('wechat-is-a-leaf', 'wechat', []),
      from: { path: '^packages/wechat/', pathNot: '\\.test\\.ts$|/test/' },
    },
    only('simulator-imports-none-of-ours', 'simulator', []),
    {
      ...only('server-imports', 'server', ['wechat', 'protocol']),
      from: { path: '^packages/server/', pathNot: '\\.test\\.ts$|/test/' },
    },
    only('uni-imports', 'uni', ['protocol']),
    only('console-imports', 'console', ['protocol']),
    only('cli-imports', 'cli', ['server', 'simulator', 'wechat']),
    {
      name: 'nobody-imports-examples-bench-e2e',
      severity: 'error',
      from: { path: ours },
      to: { path: '^(examples|bench|e2e)/' },
    },
    {
      name: 'no-deep-imports',
      comment: 'another package is imported by its name, never by a path into it',
      severity: 'error',
      from: { path: '^(packages/[^/]+)/' },
      to: { path: ours, pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    ...floorRules,
    {
      name: 'server-rooms-are-on-a-floor',
      comment: 'a new folder of packages/server/src gets its floor in the list above',
      severity: 'error',
      from: { path: server, pathNot: `${inRoom(floors.flat())}|${server}[^/]+$` },
      to: {},
    },
    {
      name: 'store-contracts-know-no-implementation',
      severity: 'error',
      from: { path: `${server}stores/[^/]+$` },
      to: { path: `${server}stores/.+/` },
    },
    {
      name: 'surfaces-stand-alone',
      comment: 'public, wechat, admin and operations share what is in http/, nothing of each other',
      severity: 'error',
      from: { path: `${server}surfaces/([^/]+)/`, pathNot: '\\.test\\.ts$' },
      to: { path: `${server}surfaces/[^/]+/`, pathNot: `${server}surfaces/$1/` },
    },
    {
      name: 'ways-stand-alone',
      severity: 'error',
      from: { path: `${server}ways/([^/]+)/`, pathNot: '\\.test\\.ts$' },
      to: { path: `${server}ways/[^/]+/`, pathNot: `${server}ways/$1/` },
    },
    {
      name: 'kysely-only-in-sql',
      severity: 'error',
      from: { path: '^packages/server/src/', pathNot: '^packages/server/src/stores/sql/|\\.test\\.ts$' },
      to: { path: '(^|/)node_modules/(kysely|libsql|pg)/' },
    },
    {
      name: 'ioredis-only-in-redis-stores',
      severity: 'error',
      from: { path: '^packages/server/', pathNot: '^packages/server/src/stores/redis/' },
      to: { path: '(^|/)node_modules/ioredis/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^examples/(node-clients|taro)/|(^|/)(dist|fixtures|\\.cache)/|\\.d\\.ts$' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['haoma-source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.json', '.vue', '.d.ts'],
    },
  },
}
