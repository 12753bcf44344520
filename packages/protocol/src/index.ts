/**
 * Haoma's own wire as types and tables, with no dependency at run time: a mini program can import this.
 * The zod schemas are at `@haoma/protocol/schemas`.
 *
 * @module
 */
export { type ErrorCode, type ErrorEntry, errorTable, type Text } from './errors.ts'
export { limits } from './limits.ts'
export type {
  ClientAction,
  LoginRequest,
  LoginResponse,
  MemberView,
  MeResponse,
  PhoneComponent,
  PhoneRequest,
  PhoneResponse,
  PhoneView,
  Problem,
  RefreshRequest,
  SessionView,
} from './schemas.ts'
