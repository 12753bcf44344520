export { fetchTransport as createDefaultTransport } from './fetch.ts'
