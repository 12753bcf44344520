import { maskPhoneNumbers } from '../api/redact.ts'
import type { SiteRequest } from '../http/site.ts'
import type { LogEntry } from '../model/request-log.ts'
import type { Host } from './host.ts'

/** A log entry for eyes: phone numbers are masked. */
export function describeLogEntry(entry: LogEntry): LogEntry {
  return { ...entry, responseBody: maskPhoneNumbers(entry.responseBody) }
}

/** Sends every new log entry as a server-sent event named `request`. */
export function streamEvents(host: Host, { response }: SiteRequest): void {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  })
  response.write('retry: 1000\n\n')
  const unsubscribe = host.subscribe((entry) => {
    response.write(`id: ${entry.seq}\nevent: request\ndata: ${JSON.stringify(describeLogEntry(entry))}\n\n`)
  })
  response.on('close', unsubscribe)
}
