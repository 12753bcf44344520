export { undiciTransport as createDefaultTransport } from './undici.ts'
