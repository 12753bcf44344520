import type { UpstreamAnswer } from './upstream.ts'

const PEEKED_BYTES = 64 * 1024

/** An answer whose first 64 kB were read: it is here whole, or its rest is still to come. */
export type PeekedAnswer = Pick<UpstreamAnswer, 'status' | 'headers'> &
  (
    | { whole: Buffer; stream: undefined }
    | { whole: undefined; stream: { readable: ReadableStream<Uint8Array>; done: Promise<void> } }
  )

/** A dead token is told by a short JSON; so an answer is looked at before it passes, and a long one passes as it comes. */
export async function peekAnswer({ status, headers, body }: UpstreamAnswer): Promise<PeekedAnswer> {
  const chunks: Buffer[] = []
  let readBytes = 0
  const rest = body[Symbol.asyncIterator]()
  while (readBytes <= PEEKED_BYTES) {
    const { value, done } = await rest.next()
    if (done) return { status, headers, whole: Buffer.concat(chunks), stream: undefined }
    chunks.push(value)
    readBytes += value.length
  }
  return { status, headers, whole: undefined, stream: streamOf(chunks, rest) }
}

function streamOf(read: Buffer[], rest: AsyncIterator<Buffer>) {
  let finish = () => {}
  const done = new Promise<void>((resolve) => {
    finish = resolve
  })
  const readable = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const next = read.shift() ?? (await rest.next()).value
        if (next !== undefined) return controller.enqueue(next)
        controller.close()
      } catch (error) {
        controller.error(error)
      }
      finish()
    },
    cancel: async () => {
      finish()
      await rest.return?.()
    },
  })
  return { readable, done }
}
