import { limits } from '@haoma/protocol'
import { expect, it } from 'vitest'
import { codeLifeMs } from './sign-in.ts'

it('lets a code live as long as the service does', () => {
  expect(codeLifeMs).toBe(limits.codeLifeS * 1000)
})
