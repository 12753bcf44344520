import type { LoginRecord, LoginWay } from '../stores/login-store.ts'

type Shown = Pick<LoginRecord, 'way' | 'appid' | 'component' | 'clientId' | 'phoneCodeKey' | 'deviceId'>

const session = `-H 'authorization: Bearer <accessToken>'`
const client = (clientId: string | null) => `-u '${clientId ?? '<clientId>'}:<clientSecret>'`

const calls: Record<LoginWay, { path: string; proof: (shown: Shown) => string | undefined }> = {
  login: { path: '/v1/login', proof: () => undefined },
  phone: { path: '/v1/phone', proof: () => session },
  exchange: { path: '/v1/exchange', proof: ({ clientId }) => client(clientId) },
  openid: { path: '/v1/openid', proof: ({ clientId }) => client(clientId) },
  'sms-send': { path: '/v1/sms/send', proof: () => undefined },
  'sms-login': { path: '/v1/sms/login', proof: () => undefined },
}

/** The request as somebody sends it by hand, with placeholders where codes, numbers and secrets stood. */
export function curlOf(shown: Shown): string {
  const { path, proof } = calls[shown.way]
  const parts = [
    `curl -X POST "$HAOMA_URL${path}"`,
    `-H 'content-type: application/json'`,
    proof(shown),
    `-d ${quoted(JSON.stringify(bodyOf(shown)))}`,
  ]
  return parts.filter((part) => part !== undefined).join(' \\\n  ')
}

function bodyOf({ way, appid, component, phoneCodeKey, deviceId }: Shown): Record<string, unknown> {
  const app = { appid: appid ?? '<appid>' }
  const phone = { phoneCode: '<phoneCode>', ...(component !== null && { component }) }
  const device = deviceId === null ? {} : { client: { deviceId } }
  switch (way) {
    case 'login':
      return { ...app, loginCode: '<loginCode>', ...(phoneCodeKey !== null && phone), ...device }
    case 'phone':
      return phone
    case 'exchange':
      return { ...app, ...phone }
    case 'openid':
      return { ...app, loginCode: '<loginCode>' }
    case 'sms-send':
      return { ...app, phoneNumber: '<phoneNumber>', ...device }
    case 'sms-login':
      return { requestId: '<requestId>', code: '<code>', ...device }
  }
}

/** What a client said of itself is not to end the quotes. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
