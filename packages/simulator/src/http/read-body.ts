import type { IncomingMessage } from 'node:http'

export type ReadBody = { kind: 'body'; text: string } | { kind: 'too-large' } | { kind: 'aborted' }

/**
 * Reads a request's body as UTF-8 and hands it over once. With a callback and not a promise, because this
 * is on the path of every call.
 */
export function readBody(request: IncomingMessage, limitBytes: number, done: (body: ReadBody) => void): void {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  let isDone = false
  const finish = (body: ReadBody) => {
    if (isDone) return
    isDone = true
    done(body)
  }
  request.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length
    if (sizeBytes <= limitBytes) chunks.push(chunk)
    else finish({ kind: 'too-large' })
  })
  request.on('end', () => {
    const [only] = chunks
    const whole = chunks.length === 1 && only ? only : Buffer.concat(chunks)
    finish({ kind: 'body', text: whole.toString('utf8') })
  })
  request.on('error', () => finish({ kind: 'aborted' }))
  request.on('close', () => finish({ kind: 'aborted' }))
}
