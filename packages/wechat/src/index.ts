/**
 * WeChat Mini Program server SDK.
 *
 * @module
 */
export type { TokenHealth } from './access-token/manager.ts'
export { functionSource, type ProvidedToken, type WeChatToken } from './access-token/sources/function.ts'
export { type HaomaSourceOptions, haomaSource } from './access-token/sources/haoma.ts'
export type { StoreHealth } from './access-token/store-guard.ts'
export { createMemoryTokenStore, type MemoryTokenStore } from './access-token/stores/memory.ts'
export type {
  FetchedToken,
  ForcePermit,
  ForceRule,
  Lease,
  StoredToken,
  TokenRequest,
  TokenSource,
  TokenStore,
} from './access-token/types.ts'
export type { ApiCalls, BinaryCallOptions, GenericCallOptions } from './api-calls.ts'
export type { ApiSecurityConfig } from './api-security/index.ts'
export type { AccessToken, App, AppHealth } from './app.ts'
export type {
  ChargePack,
  ChargeUsageInput,
  ChargeUsageResult,
  RecentAverageUsageResult,
} from './charge/charge-usage.ts'
export { createWeChat, type WeChat, type WeChatHealth } from './client.ts'
export type { Clock } from './clock.ts'
export * from './errors/index.ts'
export type { CallOptions } from './internal/caller.ts'
export type { Answer, Query } from './internal/endpoint.ts'
export type { BinaryAnswer } from './internal/read-binary.ts'
export type { AppConfig, TokenSourceOption, TokenSourceTools, WeChatOptions } from './options.ts'
export type { PhoneNumber } from './phone-number/e164.ts'
export type { GetPhoneNumberInput, GetPhoneNumberResult } from './phone-number/get-phone-number.ts'
export type { RidInput, RidResult } from './quota/get-rid.ts'
export type { QuotaInput, QuotaResult } from './quota/quota.ts'
export { createSecret, type Secret, type SecretInput } from './secret.ts'
export type { CheckEncryptedMsgInput, CheckEncryptedMsgResult } from './session/check-encrypted-msg.ts'
export type { Code2SessionInput, Code2SessionResult } from './session/code2session.ts'
export type { ResetSessionKeyResult, SessionKeyInput } from './session/session-key.ts'
export { type FetchTransportOptions, fetchTransport } from './transport/fetch.ts'
export type { Transport, TransportRequest, TransportResponse } from './transport/types.ts'
