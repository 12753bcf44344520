import { text } from '../../text.ts'
import { ok, refuse } from '../answer.ts'
import { type Endpoint, UNPUBLISHED } from '../endpoint.ts'

/** Whether WeChat made an encryptedData. `vaild` is WeChat's spelling. */
export const checkEncryptedMessage: Endpoint = {
  path: '/wxa/business/checkencryptedmsg',
  method: 'POST',
  formSwitch: 'checkencryptedmsg-form',
  family: 'wxa',
  auth: { kind: 'access-token', needs: 'mini-program', isSignable: true },
  quota: UNPUBLISHED,
  handle({ model, app, body }) {
    const hash = body.encrypted_msg_hash
    if (typeof hash !== 'string') {
      return refuse(47001, text('缺少 encrypted_msg_hash', 'encrypted_msg_hash is missing'), { hint: true })
    }
    const createdAtMs = model.encryptedMessages.findCreatedAtMs(app.appid, hash.toLowerCase())
    return ok({
      errcode: 0,
      errmsg: 'ok',
      vaild: createdAtMs !== undefined,
      create_time: createdAtMs === undefined ? 0 : Math.floor(createdAtMs / 1000),
    })
  },
}
