// The least a JSON server does: read, parse, answer with what it was sent.
import { createServer } from 'node:http'
import { serveCommands } from '../lib/ipc.mjs'

const server = createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const text = JSON.stringify(JSON.parse(Buffer.concat(chunks).toString()))
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    response.end(text)
  })
})

server.listen(0, '127.0.0.1', () => {
  serveCommands({
    url: () => `http://127.0.0.1:${server.address().port}`,
    cpu: () => process.cpuUsage(),
  })
})
