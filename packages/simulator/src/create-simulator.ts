import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { serveApi } from './api/api-server.ts'
import { type Control, createControl } from './control/control.ts'
import { createControlRoutes } from './control/control-routes.ts'
import type { Host } from './control/host.ts'
import { checkModel } from './control/sense.ts'
import { createDevice, type Device } from './device/device.ts'
import { createDeviceRoutes } from './device/device-routes.ts'
import { type Certificate, makeCertificate } from './http/certificate.ts'
import { sendError } from './http/json-response.ts'
import { type Listener, listen } from './http/listener.ts'
import { createOutages } from './http/outages.ts'
import { createGate, protectPages } from './http/own-names.ts'
import { isPagePath, servePage } from './http/pages.ts'
import { createSiteServer } from './http/site-server.ts'
import type { App } from './model/apps.ts'
import { type Clock, type SimulatorClock, systemClock } from './model/clock.ts'
import { createModel } from './model/model.ts'
import type { LogEntry } from './model/request-log.ts'
import { restoreSnapshot, type Snapshot, seedModel } from './model/snapshot.ts'
import type { Phone } from './phone/create-phone.ts'

export interface SimulatorOptions {
  /** Default is 0: the system chooses a free one. */
  port?: number | undefined
  /** Address to listen on. Default is 127.0.0.1. */
  host?: string | undefined
  /**
   * Names beside `localhost`, `127.0.0.1`, `[::1]` and `host` that requests may be addressed to, without ports, such
   * as `simulator` in a Compose network. A request for any other name is refused: it may come from a website whose
   * name was made to resolve to this machine.
   */
  allowHosts?: readonly string[] | undefined
  /** Lets pages of other origins call the control endpoints, as `Authorization: Bearer …`. Default is none. */
  controlToken?: string | undefined
  /**
   * Also speak HTTPS, on `httpsPort` (default 0), with the given certificate or, when `true`, one made for
   * loopback and WeChat's API hosts.
   */
  https?: boolean | Certificate | undefined
  httpsPort?: number | undefined
  /** What to start with, as `snapshot()` or `GET /_control/snapshot` gave it. Default: a few apps and users. */
  state?: Partial<Snapshot> | undefined
  /** Folder of a compiled mini program (mp-weixin) to run on the page `/phone`. */
  miniprogram?: string | undefined
  /**
   * The same seed gives the same codes, tokens and faults. Default is random, so that no code of an earlier
   * run comes again; openids and unionids never depend on it.
   */
  seed?: string | undefined
  /** Where the model reads the time. Default is the system clock. */
  clock?: Clock | undefined
  /** Keep the requests for the control page and the rid endpoint: how many, or `false`. Default is 1000. */
  log?: number | false | undefined
}

/** A running simulator. */
export interface Simulator {
  /** e.g. `http://127.0.0.1:4010` (loopback when it listens on every address), to be used in place of `https://api.weixin.qq.com`. */
  url: string
  port: number
  /** Present with the `https` option. */
  httpsUrl?: string
  /** The certificate HTTPS clients have to trust, PEM. */
  certificate?: string
  /** The model's clock: set it, advance it, stop it. */
  readonly clock: SimulatorClock
  /** The accounts and their secrets. */
  readonly apps: readonly App[]
  /** What happens on a phone, without HTTP. */
  device: Device
  /** What a test does to WeChat, without HTTP. */
  control: Control
  close(): Promise<void>
}

const DEFAULT_LOG_SIZE = 1000

/**
 * Starts a simulator: WeChat's API host, the phone's side of it, and the control endpoints, on one port.
 * Any number of them run in one process; none shares anything with another.
 *
 * @example
 * ```ts
 * const simulator = await createSimulator()
 * // point your SDK at simulator.url
 * await simulator.close()
 * ```
 * @throws SimulatorError `PORT_TAKEN`, `BAD_STATE`
 */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const listeners = new Set<(entry: LogEntry) => void>()
  const publish = (entry: LogEntry) => {
    for (const listener of listeners) listener(entry)
  }
  const newModel = (seed = options.seed ?? randomUUID()) =>
    createModel({
      seed,
      clock: options.clock ?? systemClock,
      log: { isOn: options.log !== false, capacity: options.log || DEFAULT_LOG_SIZE, publish },
    })
  const start = (seed?: string) => {
    const fresh = newModel(seed)
    if (options.state) {
      restoreSnapshot(fresh, options.state)
      checkModel(fresh)
    } else seedModel(fresh)
    return fresh
  }

  let model = start()
  const opened: Listener[] = []
  const outages = createOutages(opened)
  const host: Host = {
    model: () => model,
    reset(seed) {
      model = start(seed)
    },
    replace(fill) {
      const fresh = newModel()
      fill(fresh)
      checkModel(fresh)
      model = fresh
    },
    outage: (durationMs, asker) => outages.begin(durationMs, asker),
    certificate: () => simulator.certificate,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  const address = options.host ?? '127.0.0.1'
  const ownName = nameOfAddress(address)
  const gate = createGate({
    allowHosts: [ownName, ...(options.allowHosts ?? [])],
    controlToken: options.controlToken,
  })
  const phone = await openPhone(options.miniprogram)
  const device = createDevice(host.model)
  const control = createControl(host)
  const serveSite = createSiteServer(
    { ...createDeviceRoutes(host.model, device), ...createControlRoutes(host, control) },
    gate,
  )
  const handler = (request: IncomingMessage, response: ServerResponse) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    const refusal = gate.refusalOf(request, () => isApiPath(request.url ?? '/'))
    if (refusal) {
      request.resume()
      sendError(response, refusal)
      return
    }
    if (path.startsWith('/_') || isPagePath(path)) protectPages(response)
    if (phone?.handle(request, response)) return
    if (path.startsWith('/_')) serveSite(request, response)
    else if (isPagePath(path)) void servePage(path, request, response)
    else serveApi(model, request, response)
  }

  const close = async () => {
    outages.cancel()
    phone?.close()
    await Promise.all(opened.map((listener) => listener.close()))
  }
  const open = async (port: number, certificate?: Certificate) => {
    try {
      const listener = await listen(handler, { host: address, port }, certificate)
      opened.push(listener)
      return listener.port
    } catch (error) {
      await close()
      throw error
    }
  }
  const port = await open(options.port ?? 0)
  const simulator: Simulator = {
    url: `http://${ownName}:${port}`,
    port,
    get clock() {
      return model.clock
    },
    get apps() {
      return model.apps.list()
    },
    device,
    control,
    close,
  }
  if (options.https) {
    const certificate = options.https === true ? await makeCertificate() : options.https
    simulator.httpsUrl = `https://${ownName}:${await open(options.httpsPort ?? 0, certificate)}`
    simulator.certificate = certificate.cert
  }
  return simulator
}

/** How to reach a listening address from this machine; the wildcard addresses are no names. */
function nameOfAddress(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1'
  if (address === '::') return '[::1]'
  return address.includes(':') ? `[${address}]` : address
}

/** Whether a URL is one of WeChat's and none of ours, in whatever way it is written. */
function isApiPath(url: string): boolean {
  try {
    const path = decodeURIComponent(new URL(url, 'http://simulator').pathname)
    return !path.startsWith('/_') && !isPagePath(path)
  } catch {
    return false
  }
}

/** Loaded only where it is wanted: its template compiler costs every other start time and memory. */
async function openPhone(folder: string | undefined): Promise<Phone | undefined> {
  if (folder === undefined) return undefined
  const { createPhone } = await import('./phone/create-phone.ts')
  return createPhone({ folder })
}
