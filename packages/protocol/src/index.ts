/**
 * Haoma's own wire as types and tables, with no dependency at run time: a mini program can import this.
 * The zod schemas are at `@haoma/protocol/schemas`.
 *
 * @module
 */
export type { ErrorEntry, Text } from './errors/entry.ts'
export { type ErrorCode, errorTable } from './errors/index.ts'
export { limits } from './limits.ts'
export type {
  ClientAction,
  ClientFacts,
  ExchangeRequest,
  ExchangeResponse,
  LoginRequest,
  LoginResponse,
  MemberRecord,
  MemberView,
  MeResponse,
  MergeOffer,
  MergeRequest,
  PhoneComponent,
  PhoneRequest,
  PhoneResponse,
  PhoneView,
  Problem,
  RefreshRequest,
  SessionsResponse,
  SessionView,
  SmsLoginRequest,
  SmsSendRequest,
  SmsSendResponse,
  TelemetryEvent,
  TelemetryRequest,
} from './schemas/index.ts'
