import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aptInstall, findBinary, freePort } from './find.mjs'

const answersPing = (port) =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 500 })
    const end = (result) => {
      socket.destroy()
      resolve(result)
    }
    socket.once('connect', () => socket.write('PING\r\n'))
    socket.once('data', (data) => end(data.toString().startsWith('+PONG')))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
  })

/** A Redis for the tests: `REDIS_URL`, else the default port, else one of our own, installed if need be. */
export async function redis() {
  if (process.env.REDIS_URL) return { url: process.env.REDIS_URL, stop: async () => {} }
  if (await answersPing(6379)) return { url: 'redis://127.0.0.1:6379', stop: async () => {} }
  return ownRedis()
}

/**
 * A Redis that nobody else uses, so that it can be stopped.
 *
 * @param {number} [wantedPort] Default is a free one.
 */
export async function ownRedis(wantedPort) {
  const binary = () => findBinary(['redis-server', 'valkey-server'])
  if (!binary()) aptInstall(['redis-server'])
  const path = binary()
  if (!path) return { missing: 'no redis-server on this machine; set REDIS_URL or install it' }

  const dir = mkdtempSync(join(tmpdir(), 'haoma-redis-'))
  const port = wantedPort ?? (await freePort())
  const args = [
    '--bind',
    '127.0.0.1',
    '--port',
    String(port),
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    dir,
  ]
  const child = spawn(path, args, { stdio: 'ignore' })
  const stop = async () => {
    child.kill('SIGKILL')
    rmSync(dir, { recursive: true, force: true })
  }
  process.once('exit', () => child.kill('SIGKILL'))
  for (let tries = 0; tries < 100; tries++) {
    if (await answersPing(port)) return { url: `redis://127.0.0.1:${port}`, port, stop }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await stop()
  return { missing: `${path} did not start` }
}
