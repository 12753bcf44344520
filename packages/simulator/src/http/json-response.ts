import type { ServerResponse } from 'node:http'
import { SimulatorError } from '../errors.ts'

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  if (response.headersSent || response.destroyed) return
  const body = JSON.stringify(value)
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  })
  response.end(body)
}

/** The form of every error of the device and control endpoints: `{ error: { code, zh, en } }`. */
export function sendError(response: ServerResponse, error: unknown): void {
  if (error instanceof SimulatorError) {
    sendJson(response, error.status, { error: { code: error.code, ...error.text } })
    return
  }
  sendJson(response, 500, {
    error: {
      code: 'INTERNAL',
      zh: '模拟器内部错误，请带上请求内容报告。',
      en: 'A fault of the simulator itself. Please report it with the request.',
    },
  })
}
