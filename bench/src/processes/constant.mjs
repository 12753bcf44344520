// WeChat at its fastest: every call gets a constant answer, so that what is measured is the client.
// Written on sockets, because node:http needs more time for a call than the fastest client does.
import { createServer } from 'node:net'
import { APPID } from '../lib/facts.mjs'
import { serveCommands } from '../lib/ipc.mjs'

const answer = (body) => {
  const text = JSON.stringify(body)
  return Buffer.from(
    `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\nConnection: keep-alive\r\n\r\n${text}`,
  )
}

const TOKEN = answer({ access_token: `75_${'t'.repeat(133)}`, expires_in: 7200 })
const PHONE = answer({
  errcode: 0,
  errmsg: 'ok',
  phone_info: {
    phoneNumber: '13580006666',
    purePhoneNumber: '13580006666',
    countryCode: '86',
    watermark: { timestamp: 1637744274, appid: APPID },
  },
})

const server = createServer({ noDelay: true }, (socket) => {
  let pending = ''
  socket.on('data', (chunk) => {
    pending += chunk.latin1Slice()
    for (;;) {
      const headEnd = pending.indexOf('\r\n\r\n')
      if (headEnd < 0) return
      const head = pending.slice(0, headEnd)
      const length = /\r\ncontent-length: *(\d+)/i.exec(head)
      const end = headEnd + 4 + (length ? Number(length[1]) : 0)
      if (pending.length < end) return
      pending = pending.slice(end)
      socket.write(head.includes('token', 0) && head.includes(' /cgi-bin/') ? TOKEN : PHONE)
    }
  })
  socket.on('error', () => socket.destroy())
})

server.listen(0, '127.0.0.1', () => {
  serveCommands({
    url: () => `http://127.0.0.1:${server.address().port}`,
    cpu: () => process.cpuUsage(),
  })
})
