import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chainFromPem } from '../../../../src/pki/facts/certificate.ts'
import { verifyCertificate } from '../../../../src/pki/verify/verify.ts'
import { needs } from '../../../support/needs.ts'
import { ask } from '../../../support/pki/stolen-clients.ts'
import {
  bank,
  type Forged,
  openFalseSite,
  stealAuthority,
  type StolenAuthority,
} from '../../../support/pki/stolen-authority.ts'

let stolen: StolenAuthority
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edgekeep-stolen-'))
  stolen = await stealAuthority()
  writeFileSync(join(folder, 'root.pem'), stolen.rootPem)
  const words = ['-importcert', '-noprompt', '-alias', 'root', '-storepass', 'changeit']
  spawnSync('keytool', [...words, '-file', join(folder, 'root.pem'), '-keystore', join(folder, 'trust.p12')])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Thief = 'byIntermediate' | 'byRoot' | 'byOwnIntermediate'
const thieves: [words: string, thief: Thief][] = [
  ['with the stolen key of the intermediate', 'byIntermediate'],
  ['with the stolen key of the root', 'byRoot'],
  ['with an intermediate of their own below the stolen root', 'byOwnIntermediate'],
]

/** Tells if the client accepts the forged certificate for `name`. */
async function isTaken(client: keyof typeof ask, forged: Forged, name: string) {
  const site = await openFalseSite(forged)
  try {
    const said = await ask[client]({ name, port: site.port, folder })
    return { taken: site.requests() > 0, said }
  } finally {
    site.close()
  }
}

const clients = Object.keys(ask) as (keyof typeof ask)[]

describe.each(clients)('%s', (client) => {
  const missing = ask[client].missing()
  needs(missing)
  beforeAll(async () => {
    if (!missing) await ask[client].build(folder)
  }, 300_000)

  test('takes a certificate for shop.test, as the authority may sign it', async () => {
    const { taken, said } = await isTaken(client, stolen.byIntermediate('shop.test'), 'shop.test')
    expect(taken, said).toBe(true)
  })

  test.each(refusedBy(client))('refuses one for a bank that was signed %s', async (_, thief) => {
    const { taken, said } = await isTaken(client, stolen[thief](bank), bank)
    expect(taken, said).toBe(false)
  })
})

/**
 * RFC 5280, section 6.1: a trust anchor's extensions are no input of path validation, and the JDK follows
 * that, as docs/threat-model/thieves.md states. This test fails when a JDK does better, so that the document gets
 * changed.
 */
describe('java, which applies no constraints of a trust anchor,', () => {
  needs(ask.java.missing())

  test.each(thieves.slice(1))('takes one for a bank that was signed %s', async (_, thief) => {
    const { taken, said } = await isTaken('java', stolen[thief](bank), bank)
    expect(taken, said).toBe(true)
  })
})

function refusedBy(client: keyof typeof ask) {
  return client === 'java' ? thieves.slice(0, 1) : thieves
}

test.each(thieves)('our own verifier refuses one for a bank that was signed %s', (_, thief) => {
  const [leaf, ...intermediates] = chainFromPem(stolen[thief](bank).chainPem)
  const anchors = [{ name: 'stolen', certificates: [stolen.rootDer] }]
  const verification = verifyCertificate({
    leaf: leaf!,
    intermediates,
    anchors,
    at: new Date(),
    host: bank,
    purpose: 'server',
  })
  expect(verification.ok).toBe(false)
  expect(JSON.stringify(verification.answers)).toMatch(/constraint|permit/i)
})
