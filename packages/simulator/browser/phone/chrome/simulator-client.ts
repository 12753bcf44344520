/** The parts of the simulator's state that the phone page shows. */
export interface SimulatorState {
  clock: { nowMs: number; frozen: boolean }
  apps: { appid: string; name: string; accountType: string }[]
  users: { name: string; numbers: { masked: string; display: string }[] }[]
}

/** Asks the simulator this page was served by. */
export const simulator = {
  state: () => request<SimulatorState>('GET', '/_control/state'),
  clock: () => request<SimulatorState['clock']>('GET', '/_control/clock'),
  denyNext: (appid: string, user: string) => request('POST', '/_control/deny-next', { appid, user }),
  forgetPrivacy: (appid: string, user: string) =>
    request('POST', '/_device/privacy', { appid, user, event: 'forget' }),
}

async function request<T>(method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(path, {
    method,
    ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
  })
  const value = await answer.json()
  if (!answer.ok) throw new Error(value?.error?.en ?? `${method} ${path}: ${answer.status}`)
  return value as T
}
