import { expect, test } from 'vitest'
import { asksToBindConnection } from '../../../../../src/edge/worker/http/headers.ts'
import { fieldsInBothForms, type Field } from '../../../../support/edge/fields-in-both-forms.ts'

const asks = (status: number, ...fields: Field[]) => {
  const [listed, text] = fieldsInBothForms(fields).map((given) => asksToBindConnection(status, given))
  expect(text).toBe(listed)
  return text
}

test.each([
  ['NTLM', true],
  ['Negotiate', true],
  ['Basic realm="a", NTLM', true],
  ['kerberos', true],
  ['Basic realm="NTLM"', false],
  ['Digest', false],
])('an origin that answers 401 with “%s” asks to log in to the connection: %s', (challenge, isAsked) => {
  expect(asks(401, ['WWW-Authenticate', challenge])).toBe(isAsked)
  expect(asks(401, ['Date', ''], ['www-authenticate', 'Basic'], ['WWW-Authenticate', challenge])).toBe(
    isAsked,
  )
})

test('no other answer asks for that, and no other field', () => {
  expect(asks(200, ['WWW-Authenticate', 'NTLM'])).toBe(false)
  expect(asks(407, ['WWW-Authenticate', 'NTLM'])).toBe(false)
  expect(asks(401, ['Proxy-Authenticate', 'NTLM'])).toBe(false)
  expect(asks(401)).toBe(false)
})
