import { ApiError, problemOf } from './problem.ts'

/** Where the service is, as the page that it served says. */
export const serviceUrl = new URL('../', document.baseURI)
const adminUrl = new URL('admin/v1/', serviceUrl)

type Value = string | number | boolean | undefined | null
export type Query = Record<string, Value>

let csrf = ''
let lost: () => void = () => {}

/** The token that proves that a change was asked for by this page. */
export function useCsrf(token: string): void {
  csrf = token
}

/** What happens when the service says that nobody is signed in. */
export function onSessionLost(handle: () => void): void {
  lost = handle
}

/** Address of a call of `/admin/v1`, empty values left out. */
export function adminAddress(path: string, query: Query = {}): URL {
  const url = new URL(path, adminUrl)
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') url.searchParams.set(name, String(value))
  }
  return url
}

interface CallOptions {
  query?: Query
  body?: unknown
  signal?: AbortSignal | undefined
}

async function call<T>(method: string, path: string, { query, body, signal }: CallOptions = {}): Promise<T> {
  const response = await send(adminAddress(path, query), {
    method,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(method !== 'GET' && { 'x-haoma-csrf': csrf }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  })
  if (!response.ok) {
    const error = await problemOf(response)
    if (error.code === 'ADMIN_REQUIRED') lost()
    throw error
  }
  return (response.status === 204 ? undefined : await response.json()) as T
}

async function send(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, credentials: 'same-origin', cache: 'no-store' })
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new ApiError(0)
  }
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  call<T>('GET', path, { ...(query && { query }), signal })
export const post = <T = void>(path: string, body: unknown = {}, signal?: AbortSignal): Promise<T> =>
  call<T>('POST', path, { body, signal })
export const patch = <T = void>(path: string, body: unknown): Promise<T> => call<T>('PATCH', path, { body })
export const remove = <T = void>(path: string, body?: unknown): Promise<T> =>
  call<T>('DELETE', path, body === undefined ? {} : { body })
