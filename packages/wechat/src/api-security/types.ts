import type { SecretInput } from '../secret.ts'

/** A key of WeChat's, by which it signs its answers. */
export type PlatformCertificate =
  /** As downloaded from the console: an X.509 certificate in PEM. */
  | { readonly sn: string; readonly certificate: string }
  /** Or its bare public key in PEM (`BEGIN PUBLIC KEY`). */
  | { readonly sn: string; readonly publicKey: string }

/**
 * What the console's page 开发管理 → 开发设置 → API安全 shows for one mini program.
 *
 * Serial numbers are the ones printed there; a certificate's own X.509 serial is another number.
 */
export interface ApiSecurityConfig {
  readonly appid: string
  /** AES-256 key: `key` is the base64 text of the console (32 bytes). SM4 is not supported. */
  readonly symmetricKey: { readonly sn: string; readonly key: SecretInput }
  /** RSA private key in PEM, PKCS#8 (`BEGIN PRIVATE KEY`) or PKCS#1 (`BEGIN RSA PRIVATE KEY`). SM2 is not supported. */
  readonly privateKey: SecretInput
  /** Serial of the public key uploaded to the console. Needed only with `requireSerialHeader`. */
  readonly privateKeySn?: string | undefined
  /** One certificate, or, while certificates roll over, both. */
  readonly platformCertificates: readonly PlatformCertificate[]
  /**
   * Sends `Wechatmp-Serial` (the `privateKeySn`) with each request. Default is false: WeChat's sample does
   * not send it, though its error 40230 speaks of it.
   */
  readonly requireSerialHeader?: boolean | undefined
  /**
   * Scheme and host that go into what is signed and authenticated, whatever host the call goes to.
   * Default is `https://api.weixin.qq.com`; WeChat does not say what api2 and the regional hosts expect.
   */
  readonly signedOrigin?: string | undefined
  /**
   * How far, in seconds, the time in an answer may lie from ours. Default is 300 (5 minutes); WeChat does
   * not publish its own tolerance. An answer does not repeat the nonce of its request, so within this time a genuine
   * one that somebody recorded is taken again: TLS is what keeps it from being recorded.
   */
  readonly toleranceS?: number | undefined
  /** Paths to seal beside the known ones, such as `/wxa/newcall`. */
  readonly additionalPaths?: readonly string[] | undefined
}

/** A call before it is sealed. */
export interface PlainRequest {
  /** Path without query, such as `/wxa/business/getuserphonenumber`. */
  readonly path: string
  /** Query parameters; `access_token` is left out of what is sealed, as it stays in the URL. */
  readonly query?: Readonly<Record<string, string | number | boolean>> | undefined
  readonly body?: object | undefined
  /** Now, in Unix seconds. */
  readonly nowS: number
}

/** What to send: POST, with `access_token` as the only query parameter left. */
export interface SealedRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** An answer as it came. */
export interface SealedResponse {
  readonly path: string
  /** Header names in any case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
  /** Now, in Unix seconds. */
  readonly nowS: number
}

export interface ApiSecurity {
  /** Whether a call to this path has to be sealed. */
  covers(path: string): boolean
  /**
   * Encrypts and signs one request.
   *
   * @throws WxUsageError `ERR_WX_BAD_OPTION` when a key cannot be read, or a parameter has a reserved name.
   */
  seal(request: PlainRequest): Promise<SealedRequest>
  /**
   * Verifies and decrypts one answer and gives its fields, without `_n`, `_appid` and `_timestamp`.
   * A plain error body (`errcode` other than 0) is given as it is: WeChat leaves some errors unsealed.
   *
   * @throws WxRefusedDataError `ERR_WX_API_SECURITY` when the answer is plain and a success, or is not
   * WeChat's, not for this app, not of this time, or changed on its way.
   */
  open(response: SealedResponse): Promise<Record<string, unknown>>
}
