import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { changeAccountKey, deactivateAccount, registerAccount } from '../../src/engine/acme/client/account.ts'
import { txtRecord } from '../../src/engine/acme/client/challenges.ts'
import { runOrder, type ChallengeAnswerer, type OrderRequest } from '../../src/engine/acme/client/order.ts'
import { chooseChain } from '../../src/engine/acme/client/received-chain.ts'
import { certificateId, fetchRenewalInfo } from '../../src/engine/acme/client/renewal-info.ts'
import { revokeCertificate } from '../../src/engine/acme/client/revoke.ts'
import { openSession, type AcmeSession, type AcmeSigner } from '../../src/engine/acme/client/session.ts'
import { publicJwk } from '../../src/engine/acme/jose/jwk.ts'
import { signJws } from '../../src/engine/acme/jose/jws.ts'
import { readLeafNames } from '../../src/pki/issue/leaf-names.ts'
import { makeRequest } from '../../src/pki/issue/request.ts'
import { whyNoPebble, startPebble, type Pebble, type PebbleOptions } from '../support/acme/pebble.ts'
import { unless } from '../support/needs.ts'

const opened: { close(): unknown }[] = []
let pebble: Pebble

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

async function withPebble(options: PebbleOptions = {}): Promise<void> {
  const started = await startPebble(options)
  if (!started) throw new Error('Pebble has gone')
  pebble = started
  opened.push(pebble)
}

function newSigner(key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey): AcmeSigner {
  return { jwk: publicJwk(key), sign: (header, payload) => signJws(header, payload, key) }
}

async function session(signer: AcmeSigner, accountUrl: string | null = null): Promise<AcmeSession> {
  const place = { url: pebble.directoryUrl, rootsPem: pebble.rootPem, mayBePrivate: true }
  const one = await openSession({ place, signer, accountUrl, clock: () => new Date() })
  opened.push({ close: () => one[Symbol.dispose]() })
  return one
}

const dns: ChallengeAnswerer = {
  present: async (task) => {
    const { name, value } = txtRecord(task)
    await pebble.dns.setTxt(name, value)
  },
  withdraw: (task) => pebble.dns.clearTxt(txtRecord(task).name),
}

async function account() {
  const signer = newSigner()
  const first = await session(signer)
  const url = await registerAccount(first, signer, { contact: [], agreed: true, binding: null })
  return { signer, url, session: await session(signer, url) }
}

const leafKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })

function order(names: string[], key: KeyObject, more: Partial<OrderRequest> = {}): OrderRequest {
  return {
    names,
    challenge: 'dns-01',
    accountUrl: 'https://ca.example/account/1',
    formerThumbprints: [],
    profile: null,
    replaces: null,
    csr: () => makeRequest({ names: readLeafNames(names), privateKey: key }),
    answerer: dns,
    onState: () => undefined,
    ...more,
  }
}

describe('Our client and a real Pebble, strict', unless(whyNoPebble()), () => {
  test('get certificates with every kind of key, for names and wildcards, also where nonces are rejected', async () => {
    await withPebble({ nonceReject: 15 })
    const { signer, session: own } = await account()
    for (const key of [
      leafKey(),
      generateKeyPairSync('ec', { namedCurve: 'P-384' }),
      generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ]) {
      const names = ['shop.test', '*.shop.test']
      const states: string[] = []
      const chains = await runOrder(
        own,
        signer,
        order(names, key.privateKey, { onState: ({ state }) => states.push(state) }),
      )
      const { chain } = chooseChain(chains, {
        host: own.host,
        publicKey: key.publicKey,
        names,
        at: new Date(),
        preferredIssuer: null,
      })
      expect(chain).toHaveLength(2)
      expect(states).toEqual([
        'ordering',
        'presenting',
        'validating',
        'presenting',
        'validating',
        'finalizing',
        'downloading',
      ])
    }
  })

  test('say what the authority says where a validation fails', async () => {
    await withPebble()
    const { signer, session: own } = await account()
    const wrong = { ...dns, present: () => pebble.dns.setTxt('_acme-challenge.shop.test', 'wrong') }
    const failed = runOrder(own, signer, order(['shop.test'], leafKey().privateKey, { answerer: wrong }))
    await expect(failed).rejects.toMatchObject({
      code: 'acme.validation_failed',
      data: { name: 'shop.test', challenge: 'dns-01', problem: { type: 'unauthorized' } },
    })
  })

  test('choose an alternate chain by its issuer', async () => {
    await withPebble({ alternateRoots: 2, chainLength: 2 })
    const { signer, session: own } = await account()
    const key = leafKey()
    const chains = await runOrder(own, signer, order(['shop.test'], key.privateKey))
    expect(chains).toHaveLength(3)
    const wanted = { host: own.host, publicKey: key.publicKey, names: ['shop.test'], at: new Date() }
    const top = (preferredIssuer: string | null) =>
      chooseChain(chains, { ...wanted, preferredIssuer })
        .chain.at(-1)
        ?.issuer.rdns.flat()[0]?.text ?? ''
    const last = chooseChain(chains.slice(2), { ...wanted, preferredIssuer: null }).chain.at(-1)
    const name = last?.issuer.rdns.flat()[0]?.text ?? ''
    expect(top(null)).not.toBe(name)
    expect(top(name)).toBe(name)
  })

  test('bind an account to one outside, change its key and end it', async () => {
    const macKey = 'zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W'
    await withPebble({ bindingKeys: { 'kid-1': macKey } })
    const signer = newSigner()
    const first = await session(signer)
    const request = { contact: ['mailto:ops@shop.test'], agreed: true }
    await expect(registerAccount(first, signer, { ...request, binding: null })).rejects.toMatchObject({
      code: 'acme.binding_required',
    })
    const bound = { keyId: 'kid-1', macKey: Buffer.from(macKey, 'base64url') }
    const wrong = { keyId: 'kid-1', macKey: Buffer.alloc(32, 7) }
    await expect(registerAccount(first, signer, { ...request, binding: wrong })).rejects.toMatchObject({
      code: 'acme.problem',
    })
    const url = await registerAccount(first, signer, { ...request, binding: bound })
    const next = newSigner()
    await changeAccountKey(await session(signer, url), url, { old: signer, next })
    const after = await session(next, url)
    const key = leafKey()
    expect(await runOrder(after, next, order(['shop.test'], key.privateKey))).toHaveLength(1)
    const old = await session(signer, url)
    await expect(runOrder(old, signer, order(['shop.test'], key.privateKey))).rejects.toMatchObject({
      code: 'acme.problem',
    })
    await deactivateAccount(after, url)
    await expect(runOrder(after, next, order(['shop.test'], key.privateKey))).rejects.toMatchObject({
      code: 'acme.problem',
      data: { problem: { type: 'unauthorized' } },
    })
  })

  test('poll renewal information, replace the certificate when due, and see the window move after a revocation', async () => {
    await withPebble()
    const { signer, session: own } = await account()
    const key = leafKey()
    const wanted = { host: own.host, publicKey: key.publicKey, names: ['shop.test'], preferredIssuer: null }
    const chains = await runOrder(own, signer, order(['shop.test'], key.privateKey))
    const [leaf] = chooseChain(chains, { ...wanted, at: new Date() }).chain
    if (!leaf) throw new Error('There is a leaf')
    const id = certificateId(leaf)
    const info = await fetchRenewalInfo(own, id!)
    expect(Date.parse(info!.start)).toBeGreaterThan(Date.now())
    expect(Date.parse(info!.end)).toBeLessThan(leaf.notAfter)
    const renewed = await runOrder(own, signer, order(['shop.test'], key.privateKey, { replaces: id }))
    expect(renewed).toHaveLength(1)
    await revokeCertificate(own, leaf.der, 'superseded')
    const status = await pebble.manage(`/cert-status-by-serial/${Buffer.from(leaf.serial).toString('hex')}`)
    expect(JSON.parse(status)).toMatchObject({ Status: 'Revoked', Reason: 4 })
    const moved = await fetchRenewalInfo(own, id!)
    expect(Date.parse(moved!.end)).toBeLessThan(Date.now())
  })

  test('wait for slow validations as long as the authority says, and no longer than they have patience', async () => {
    await withPebble({ sleepSeconds: 3, retryAfterSeconds: 1 })
    const { signer, session: own } = await account()
    expect(await runOrder(own, signer, order(['shop.test'], leafKey().privateKey))).toHaveLength(1)
  })
})
