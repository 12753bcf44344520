import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { aptInstall, findBinary } from './find.mjs'

const jars = '/usr/share/java'
const gson = `${jars}/gson.jar`
const junit = [
  'junit-platform-console',
  'junit-platform-launcher',
  'junit-platform-reporting',
  'junit-platform-engine',
  'junit-platform-commons',
  'junit-jupiter-api',
  'junit-jupiter-engine',
  'opentest4j',
  'opentest4j-reporting-events',
  'opentest4j-reporting-schema',
  'apiguardian-api',
  'picocli',
].map((name) => `${jars}/${name}.jar`)

const works = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0
/** The first Python that has these modules: the one on the PATH may be another than Debian's, which apt fills. */
const pythonWith = (...modules) =>
  ['python3', '/usr/bin/python3'].find((python) => works(python, '-c', `import ${modules.join(', ')}`))
const all = (...names) => names.every((name) => findBinary([name]))

/**
 * What runs the programs of examples/languages: how to tell that it is here, and what Debian calls it. `tests` runs the
 * samples of docs/simulator-test-suites.md.
 */
const toolchains = {
  python: {
    find: () => pythonWith('jwt', 'cryptography'),
    packages: ['python3', 'python3-jwt', 'python3-cryptography'],
    tests: { find: () => pythonWith('pytest'), packages: ['python3-pytest'] },
  },
  php: {
    find: () =>
      findBinary(['php']) && works('php', '-r', 'exit(function_exists("openssl_verify") ? 0 : 1);')
        ? 'php'
        : undefined,
    packages: ['php-cli'],
    tests: { find: () => findBinary(['phpunit']), packages: ['phpunit'] },
  },
  java: {
    find: () => (all('java', 'javac') && existsSync(gson) ? gson : undefined),
    packages: ['default-jdk-headless', 'libgoogle-gson-java'],
    tests: { find: () => (junit.every(existsSync) ? junit.join(':') : undefined), packages: ['junit5'] },
  },
  go: {
    find: () => findBinary(['go']),
    packages: ['golang-go'],
    tests: { find: () => findBinary(['go']), packages: [] },
  },
  csharp: {
    find: () => (all('mcs', 'mono') ? 'mono' : undefined),
    packages: [
      'mono-mcs',
      'mono-runtime',
      'libmono-system-net-http4.0-cil',
      'libmono-system-runtime-serialization4.0-cil',
    ],
    tests: { find: () => undefined, packages: [] },
  },
}

/**
 * The languages of this machine.
 *
 * @param {{ install?: boolean }} [options] `install` brings what is missing, as root on Debian. Default is not to.
 * @returns {Record<keyof typeof toolchains, { path?: string, tests?: string }>} what runs programs and what runs
 *   tests, where there is one
 */
export function findLanguages({ install = false } = {}) {
  const have = ({ find, packages }) => {
    const found = find()
    if (found !== undefined || !install || packages.length === 0) return found
    aptInstall(packages)
    return find()
  }
  return Object.fromEntries(
    Object.entries(toolchains).map(([name, toolchain]) => [
      name,
      { path: have(toolchain), tests: have(toolchain.tests) },
    ]),
  )
}
