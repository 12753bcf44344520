import { describe, expect, it } from 'vitest'
import { signAcs3 } from './aliyun-signature.ts'
import { signTc3 } from './tencent-signature.ts'

describe('TC3-HMAC-SHA256', () => {
  const body = String.raw`{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`
  const plain = { 'content-type': 'application/json; charset=utf-8', host: 'cvm.tencentcloudapi.com' }

  // The keys are the literal placeholders of Tencent's page: the asterisks are part of them.
  it.each([
    [
      'Gu5t9xGARNpq86cd98joQYCN3*******',
      plain,
      '5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031',
      '2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c',
    ],
    [
      'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE',
      plain,
      '5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031',
      '72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168',
    ],
    [
      '*'.repeat(32),
      { ...plain, 'x-tc-action': 'describeinstances' },
      '7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84',
      '10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f',
    ],
  ])('gives the published signature with the key %s', (secretKey, headers, canonicalHash, signature) => {
    const request = { secretId: 'id', secretKey, service: 'cvm', headers, body, timestampS: 1551113065 }
    const signed = signTc3(request)
    expect(signed).toMatchObject({ canonicalHash, signature })
    expect(signed.authorization).toBe(
      `TC3-HMAC-SHA256 Credential=id/2019-02-25/cvm/tc3_request, SignedHeaders=${Object.keys(headers).join(';')}, Signature=${signature}`,
    )
  })
})

describe('ACS3-HMAC-SHA256', () => {
  it('gives the published signature', () => {
    const { canonicalHash, signature, headers } = signAcs3({
      accessKeyId: 'YourAccessKeyId',
      accessKeySecret: 'YourAccessKeySecret',
      query: 'ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai',
      headers: {
        host: 'ecs.cn-shanghai.aliyuncs.com',
        'x-acs-action': 'RunInstances',
        'x-acs-version': '2014-05-26',
        'x-acs-date': '2023-10-26T10:22:32Z',
        'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
      },
      body: '',
    })
    expect(canonicalHash).toBe('7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259')
    expect(signature).toBe('06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0')
    expect(headers.authorization).toBe(
      `ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=${signature}`,
    )
  })
})
