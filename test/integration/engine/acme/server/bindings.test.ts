import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publicJwk } from '../../../../../src/engine/acme/jose/jwk.ts'
import { macJws, signJws } from '../../../../../src/engine/acme/jose/jws.ts'
import { RawAcme, newKey, type AcmeReply } from '../../../../support/acme/requests.ts'
import { openAcmeServer, type OpenedAcme } from '../../../../support/acme/server.ts'

let at: OpenedAcme
let client: RawAcme
beforeAll(async () => {
  at = await openAcmeServer({ waived: ['waived.test'] })
  client = new RawAcme(at)
  await client.register()
})
afterAll(() => at.close())

const problemOf = (reply: AcmeReply) => reply.json() as { type: string; detail: string }
const typeOf = (reply: AcmeReply) => problemOf(reply).type.replace('urn:ietf:params:acme:error:', '')

describe('an external account binding', () => {
  const bindingOf = async (label: string) => {
    const { id, macKey } = await at.opened.client.acmeServer.addBinding({ label })
    const url = `${client.base}/new-account`
    return (of: RawAcme) => ({
      externalAccountBinding: macJws({ kid: id, url }, publicJwk(of.key), Buffer.from(macKey, 'base64url')),
    })
  }

  test('is good for one account key, which can register again, also after it was changed', async () => {
    const bound = await bindingOf('one client')
    const first = new RawAcme(at)
    expect((await first.register(bound(first))).status).toBe(201)
    const { kid } = first
    const second = new RawAcme(at)
    const refused = await second.register(bound(second))
    expect([refused.status, typeOf(refused)]).toEqual([403, 'unauthorized'])
    expect(problemOf(refused).detail).toContain('Another account key has used')
    const registerAgain = async () => {
      first.kid = ''
      return first.register(bound(first))
    }
    expect([(await registerAgain()).status, first.kid]).toEqual([200, kid])
    const [former, next] = [first.key, newKey()]
    const url = `${first.base}/key-change`
    const inner = signJws({ url, jwk: publicJwk(next) }, { account: kid, oldKey: publicJwk(former) }, next)
    expect((await first.post('/key-change', inner)).status).toBe(200)
    const withFormer = new RawAcme(at)
    withFormer.key = former
    expect(typeOf(await withFormer.register(bound(withFormer)))).toBe('unauthorized')
    first.key = next
    expect([(await registerAgain()).status, first.kid]).toEqual([200, kid])
  })

  test('is needed by accounts from before it was required, too', async () => {
    const { acmeServer } = at.opened.client
    const bound = await bindingOf('required')
    const other = new RawAcme(at)
    await other.register(bound(other))
    const ordered = await client.order(['waived.test'])
    await acmeServer.set({ requireBinding: true })
    expect(typeOf(await client.order(['waived.test']))).toBe('externalAccountRequired')
    const finalized = await client.post(String(ordered.json()['finalize']), { csr: '' })
    expect(typeOf(finalized)).toBe('externalAccountRequired')
    expect((await other.certificate(['waived.test'])).order['status']).toBe('valid')
  })
})
