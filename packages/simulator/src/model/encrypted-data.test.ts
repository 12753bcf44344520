import { expect, it } from 'vitest'
import { encryptOpenData } from './encrypted-data.ts'

// The key and the iv of the example on WeChat's page; the number is the placeholder of its docs.
const sessionKey = 'tiihtNczf5v6AKRyjwEUhQ=='
const iv = 'r7BXXKkLb8qrSNn05n0qiA=='
const vector =
  'xT8p8W6jIVdEWQ+ccHuD2bmG5RSiwg14VWRFw/UGVh6Aj+jDIadafJ4xdCIBQ/uxDiyw/MZWvpFyRn3pP3xxVfNQxFtzghvK+Pj5JQI7x412Zc+UKBdZyt5yiQboroSxGco5UsrXzOSLA8h9pREWUI9mYI/mD/F9s/YddELrCcwzrtJ5cztNwrZZvPaag/ne0/e1eXwohU1VqLB3OJDwng=='

it('encrypts a phone number as WeChat does', () => {
  const data = {
    phoneNumber: '13580006666',
    purePhoneNumber: '13580006666',
    countryCode: '86',
    watermark: { timestamp: 1700000000, appid: 'wx4f4bc4dec97d474b' },
  }
  expect(encryptOpenData(sessionKey, iv, data)).toBe(vector)
})
