import { connect } from 'node:net'
import { fetchToken, phonePath, readPhone } from './bare.mjs'

/**
 * HTTP written by hand on sockets that stay open: what the machine gives, and no client for use. It takes for granted
 * that an answer has a Content-Length and that no connection ever breaks.
 */
export async function createRaw(options) {
  const { hostname, port, host } = new URL(options.baseUrl)
  const idle = []

  function open() {
    let pending = ''
    let settle
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    socket.on('data', (chunk) => {
      pending += chunk.latin1Slice()
      const headEnd = pending.indexOf('\r\n\r\n')
      if (headEnd < 0) return
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(pending)?.[1])
      if (pending.length < headEnd + 4 + length) return
      const answer = JSON.parse(pending.slice(headEnd + 4))
      pending = ''
      idle.push(send)
      settle.resolve(answer)
    })
    socket.on('error', (error) => settle?.reject(error))
    const send = (text) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject }
        socket.write(text)
      })
    return send
  }

  function post(path, body) {
    const text = JSON.stringify(body)
    const head = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n`
    return (idle.pop() ?? open())(head + text)
  }
  const path = phonePath(await fetchToken(post, options))
  return { getPhoneNumber: async (code) => readPhone(await post(path, { code })) }
}
