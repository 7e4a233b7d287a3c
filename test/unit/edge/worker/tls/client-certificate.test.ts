import { describe, expect, test } from 'vitest'
import { defaultPolicies } from '../../../../../src/contract/domains/policies.ts'
import type { TlsPolicy } from '../../../../../src/contract/domains/tls-policy.ts'
import { anchorsPrint } from '../../../../../src/edge/protocol/handshake-settings.ts'
import {
  clientCertificateProblem,
  identityLines,
} from '../../../../../src/edge/worker/tls/client-certificate.ts'
import type { ClientCertificate } from '../../../../../src/edge/worker/http/arrival.ts'

const clientAnchors = ['PEM']
const policy = (clientCertificates: TlsPolicy['clientCertificates']): TlsPolicy => ({
  ...{ ...defaultPolicies.tls, clientCertificates, clientAnchors },
})
const shown = (state: ClientCertificate['state'], change: Partial<ClientCertificate> = {}) => ({
  secure: true,
  clientCertificate: {
    ...{
      state,
      refusal: null,
      anchors: anchorsPrint(clientAnchors),
      lines: `x-client-cert-verified: ${state}\r\n`,
    },
    ...change,
  },
})
const statusOf = (
  wanted: TlsPolicy['clientCertificates'],
  request: Parameters<typeof clientCertificateProblem>[1],
) => clientCertificateProblem(policy(wanted), request)?.status ?? null

describe('a request to a domain that asks for client certificates', () => {
  test('goes on with one that verified', () => {
    expect([statusOf('required', shown('verified')), statusOf('optional', shown('verified'))]).toEqual([
      null,
      null,
    ])
  })

  test('goes on without one where it is optional alone', () => {
    expect([statusOf('required', shown('none')), statusOf('optional', shown('none'))]).toEqual([403, null])
  })

  test('does not go on with one that was refused, and is told why', () => {
    for (const wanted of ['required', 'optional'] as const)
      expect(statusOf(wanted, shown('refused', { refusal: 'CERT_HAS_EXPIRED' }))).toBe(403)
    const why = (refusal: string | null) =>
      clientCertificateProblem(policy('optional'), shown('refused', { refusal }))?.sentence
    expect(why('CERT_HAS_EXPIRED')).toContain('has expired')
    expect(why('INVALID_PURPOSE')).toContain('not meant for clients')
    expect(why('SOMETHING_NEW')).toContain('does not verify (SOMETHING_NEW)')
    expect(why(null)).toContain('does not verify ()')
  })

  test('does not go on in plain text, unless it is optional', () => {
    const plain = { secure: false, clientCertificate: null }
    expect([statusOf('required', plain), statusOf('optional', plain)]).toEqual([403, null])
  })

  test('has to be made on a new connection where this one was held against other anchors, or none', () => {
    for (const wanted of ['required', 'optional'] as const) {
      for (const state of ['verified', 'none', 'refused'] as const)
        expect(statusOf(wanted, shown(state, { anchors: anchorsPrint(['another PEM']) }))).toBe(421)
      expect(statusOf(wanted, { secure: true, clientCertificate: null })).toBe(421)
    }
  })
})

test('a request to a domain that asks for none goes on, whatever was shown', () => {
  for (const request of [shown('refused', { anchors: 'x' }), { secure: false, clientCertificate: null }])
    expect(statusOf('off', request)).toBeNull()
})

describe('an origin', () => {
  test('is told what was shown, and that nothing was where there was no handshake', () => {
    expect(identityLines(policy('optional'), shown('verified'))).toBe('x-client-cert-verified: verified\r\n')
    expect(identityLines(policy('required'), { clientCertificate: null })).toBe(
      'x-client-cert-verified: NONE\r\n',
    )
  })

  test('is told nothing where the domain does not ask', () => {
    expect(identityLines(policy('off'), shown('verified'))).toBe('')
  })
})
