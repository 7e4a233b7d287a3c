import { expect, test } from 'vitest'
import { messageOf } from '../../../../src/engine/notices/notice-text.ts'

test('no name of a certificate brings a control character into a notice', () => {
  const names = ['shop.test\r\nBcc: x\u001b[2J']
  const subject = { cause: 'expiring' as const, name: 'Shop', names, notAfter: null }
  const { notices, text } = messageOf([
    { key: 'a', title: 'Shop expires', body: '', place: '/certificates', subject },
  ])
  expect(notices[0]?.names).toEqual(['shop.test\\u000d\\u000aBcc: x\\u001b[2J'])
  expect(text).toBe('Shop expires (shop.test\\u000d\\u000aBcc: x\\u001b[2J)')
})
