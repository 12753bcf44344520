import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The built command. */
export const haomaMain = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url))

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs a program to its end. */
export function runProgram(
  [file = '', ...args]: readonly string[],
  { cwd, env = {}, stdin = '' }: { cwd?: string; env?: Record<string, string>; stdin?: string } = {},
): Promise<Ran> {
  const child = spawn(file, args, { cwd, env: { ...process.env, ...env } })
  const out = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text) => {
      out[name] += text
    })
  }
  // A program that ends before it reads its input closes it; that is its exit code's to tell.
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...out }))
  })
}

/** Runs `haoma …` in a folder, as beside the service that works there. */
export function runHaoma(cwd: string, ...args: string[]): Promise<Ran> {
  return runProgram([process.execPath, haomaMain, ...args], { cwd })
}
