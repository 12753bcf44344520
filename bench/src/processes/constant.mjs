// WeChat at its fastest: every call gets a constant answer, so that what is measured is the client.
import { APPID } from '../lib/facts.mjs'
import { serveCommands } from '../lib/ipc.mjs'
import { createSocketServer, jsonAnswer } from '../lib/socket-server.mjs'

const TOKEN = jsonAnswer({ access_token: `75_${'t'.repeat(133)}`, expires_in: 7200 })
const PHONE = jsonAnswer({
  errcode: 0,
  errmsg: 'ok',
  phone_info: {
    phoneNumber: '13580006666',
    purePhoneNumber: '13580006666',
    countryCode: '86',
    watermark: { timestamp: 1637744274, appid: APPID },
  },
})

const server = createSocketServer(({ head }) =>
  head.includes('token', 0) && head.includes(' /cgi-bin/') ? TOKEN : PHONE,
)

server.listen(0, '127.0.0.1', () => {
  serveCommands({
    url: () => `http://127.0.0.1:${server.address().port}`,
    cpu: () => process.cpuUsage(),
  })
})
