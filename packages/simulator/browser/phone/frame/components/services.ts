import type { Device } from '../../../sheet/index.ts'

/** What built-in components ask of the running mini program. */
export interface Services {
  device: Device
  /** Turns a path of the package into an address; addresses of the network stay as they are. */
  fileUrl(source: string): string
  navigate(call: string, options: Record<string, unknown>): void
  chooseFromList(items: string[], selected: number): Promise<number>
  unsupported(what: string): void
}
