const SECRET_QUERY = /((?:^|&)(?:secret|appsecret|access_token|session_key|signature)=)([^&]{0,6})[^&]*/g
const SECRET_JSON = /("(?:secret|appsecret|access_token|session_key)"\s*:\s*")([^"]{0,6})[^"]*/g
const PHONE_JSON = /("(?:phoneNumber|purePhoneNumber)"\s*:\s*"\+?\d{2,3})\d*(\d{2}")/g

/** A query string with the middle of its secrets taken out. */
export function redactQuery(query: string): string {
  return query.replace(SECRET_QUERY, '$1$2…')
}

/** A body, JSON or a form, with the middle of its secrets taken out; numbers stay, the rid endpoint shows them. */
export function redactSecrets(body: string): string {
  return redactQuery(body.replace(SECRET_JSON, '$1$2…'))
}

/** A JSON text with phone numbers masked. */
export function maskPhoneNumbers(json: string): string {
  return json.replace(PHONE_JSON, '$1****$2')
}
