import { WxFailure } from './callback.ts'

interface Entry {
  data: unknown
  type: string
}

const limitKb = 10 * 1024

/**
 * `wx.setStorage` and its relatives, in the browser's `localStorage`, apart for each mini program and user.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/ability/storage.html
 */
export function createStorage(prefix: string, store: Storage) {
  const full = (key: unknown) => `${prefix}${requireKey(key)}`
  const keys = () =>
    Object.keys(store)
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length))

  const get = (key: unknown): { found: boolean; data: unknown } => {
    const text = store.getItem(full(key))
    if (text === null) return { found: false, data: '' }
    const { data, type } = JSON.parse(text) as Entry
    return {
      found: true,
      data: type === 'Undefined' ? undefined : type === 'Date' ? new Date(String(data)) : data,
    }
  }
  const set = (key: unknown, data: unknown) => {
    const type = Object.prototype.toString.call(data).slice(8, -1)
    store.setItem(full(key), JSON.stringify({ data, type } satisfies Entry))
  }
  const clear = () => {
    for (const key of keys()) store.removeItem(prefix + key)
  }
  const info = () => {
    const bytes = keys().reduce((sum, key) => sum + (store.getItem(prefix + key)?.length ?? 0), 0)
    return { keys: keys(), currentSize: Math.ceil(bytes / 1024), limitSize: limitKb }
  }

  return {
    sync: {
      getStorageSync: (key: unknown) => get(key).data,
      setStorageSync: set,
      removeStorageSync: (key: unknown) => store.removeItem(full(key)),
      clearStorageSync: clear,
      getStorageInfoSync: info,
      batchGetStorageSync: (names: unknown[]) => names.map((key) => get(key).data),
      batchSetStorageSync: (entries: { key: string; value: unknown }[]) => {
        for (const { key, value } of entries) set(key, value)
      },
    },
    async: {
      getStorage: ({ key }: Record<string, unknown>) => {
        const { found, data } = get(key)
        if (!found) throw new WxFailure('data not found')
        return { data }
      },
      setStorage: ({ key, data }: Record<string, unknown>) => set(key, data),
      removeStorage: ({ key }: Record<string, unknown>) => store.removeItem(full(key)),
      clearStorage: clear,
      getStorageInfo: info,
    },
  }
}

function requireKey(key: unknown): string {
  if (typeof key === 'string' && key !== '') return key
  throw new WxFailure('parameter error: parameter.key should be String instead of Undefined')
}
