import { spawn } from 'node:child_process'
import { Stop } from './terminal.mjs'

const children = new Set()
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    for (const child of children) child.kill(signal)
    process.exit(signal === 'SIGINT' ? 130 : 143)
  })
}

/**
 * Runs a command to its end. With `quiet` its output is kept back and shown only when it fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean, allowFailure?: boolean }} [options]
 * @returns the exit code; a non-zero one throws unless `allowFailure`
 */
export function run(command, args, { cwd, env, quiet = false, allowFailure = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
      // npm is a .cmd file on Windows, which only a shell starts.
      shell: process.platform === 'win32',
    })
    children.add(child)
    const kept = []
    child.stdout?.on('data', (chunk) => kept.push(chunk))
    child.stderr?.on('data', (chunk) => kept.push(chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      children.delete(child)
      if (code === 0 || allowFailure) return resolve(code)
      const output = Buffer.concat(kept).toString().trim()
      reject(new Stop(`${command} ${args.join(' ')} → exit ${code}${output ? `\n${output}` : ''}`))
    })
  })
}
