// Who may import whom (docs/decisions/0001-parts-and-direction.md). `npm run check` fails on a violation.
const ours = '^packages/'
const only = (name, folder, allowed) => ({
  name,
  severity: 'error',
  comment: `${folder} may import only ${allowed.length ? allowed.join(', ') : 'none of ours'}`,
  from: { path: `^packages/${folder}/` },
  to: { path: ours, pathNot: [folder, ...allowed].map((f) => `^packages/${f}/`) },
})

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
      to: { couldNotResolve: true, pathNot: '^(virtual:|@dcloudio)' },
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
    {
      name: 'kysely-only-in-sql',
      severity: 'error',
      from: {
        path: '^packages/server/',
        pathNot: '^packages/server/(src/stores/sql/|migrations/|src/migrations/)',
      },
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
    exclude: { path: '^examples/node-clients/|(^|/)(dist|fixtures)/|\\.d\\.ts$' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['haoma-source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.json', '.vue', '.d.ts'],
    },
  },
}
