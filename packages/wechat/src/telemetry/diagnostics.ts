/** The part of `node:diagnostics_channel` that is used here. */
interface Channel {
  readonly hasSubscribers: boolean
  publish(message: unknown): void
}

const silent: Channel = { hasSubscribers: false, publish: () => {} }

interface MaybeNode {
  readonly process?: { getBuiltinModule?(name: string): { channel(name: string): Channel } | undefined }
}

/**
 * A diagnostics channel, or a silent stand-in where there is no Node: this way the module has no Node import.
 *
 * @param name - without the prefix `haoma.wechat.`
 * @see https://nodejs.org/api/diagnostics_channel.html
 */
export function diagnosticsChannel(name: string): Channel {
  const module = (globalThis as MaybeNode).process?.getBuiltinModule?.('node:diagnostics_channel')
  return module?.channel(`haoma.wechat.${name}`) ?? silent
}
