import { fetchTransport } from './fetch.ts'
import type { Transport } from './types.ts'

/**
 * undici, which is loaded with the first request. Where it cannot be loaded, `fetch` takes its place: that is so in
 * bundles in the form of ES modules, where code in the form of CommonJS cannot ask for the modules of Node.
 */
export function createDefaultTransport(): Transport {
  let opening: Promise<Transport> | undefined
  let transport: Transport | undefined

  async function open(): Promise<Transport> {
    try {
      const { undiciTransport } = await import(/* webpackMode: "eager" */ './undici.ts')
      transport = undiciTransport()
    } catch {
      transport = fetchTransport()
    }
    return transport
  }

  return {
    request(request) {
      if (transport !== undefined) return transport.request(request)
      opening ??= open()
      return opening.then((opened) => opened.request(request))
    },
    close: async () => (await opening)?.close?.(),
  }
}
