import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createProgram } from '../../../../../src/cli/program.ts'
import { clientPurpose, createTestAuthority, issueTestLeaf } from '../../../../support/pki/certificates.ts'
import { temporaryFolder } from '../../../../support/temporary-folder.ts'

const root = createTestAuthority()
const intermediate = createTestAuthority({ commonName: 'Intermediate', issuer: root })
const server = issueTestLeaf(intermediate, { names: ['shop.test'] }, [intermediate])
const client = issueTestLeaf(root, { names: ['phone'], purposes: [clientPurpose] })
const files = {
  'root.pem': root.certificatePem,
  'intermediate.pem': intermediate.certificatePem,
  'server.pem': server.leafPem,
  'chain.pem': server.chainPem,
  'client.pem': client.leafPem,
}

let printed = ''
beforeEach(() => {
  printed = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text)
    return true
  })
})
afterEach(() => void vi.restoreAllMocks())

async function verify(line: string): Promise<{ status: number; hints: string[] }> {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  let status = -1
  const words = line.split(' ').map((word) => (word.endsWith('.pem') ? join(folder, word) : word))
  await createProgram((code) => (status = code)).parseAsync(['verify', '--leaf', ...words], { from: 'user' })
  const hints = printed.split('\n').filter((text) => /--(purpose|roots|chain)/.test(text))
  return { status, hints }
}

const giveRoots = 'If you trust its root, give that with --roots FILE.'
const giveIssuer =
  'Give its issuer: an intermediate with --chain FILE, a root that you trust with --roots FILE.'
const asAuthority = 'It is the certificate of an authority: --purpose any verifies it as one.'
const asClient = 'It is a certificate for TLS clients: --purpose client verifies it as one.'

test.each([
  ['root.pem', [giveRoots, asAuthority]],
  ['root.pem --purpose any', [giveRoots]],
  ['root.pem --roots root.pem', [asAuthority]],
  ['intermediate.pem --roots root.pem', [asAuthority]],
  ['client.pem --roots root.pem', [asClient]],
  ['server.pem --roots root.pem', [giveIssuer]],
  ['server.pem', [giveIssuer]],
  ['chain.pem', [giveIssuer]],
  [
    'server.pem --roots root.pem --chain intermediate.pem --purpose client',
    ['To verify it whatever it is meant for: --purpose any.'],
  ],
  ['server.pem --roots root.pem --chain intermediate.pem --host other.test', []],
])('a "no" names the option that would help, where one would: %s', async (line, wanted) => {
  expect(await verify(line)).toEqual({ status: 1, hints: wanted })
})

test.each([
  'root.pem --roots root.pem --purpose any',
  'client.pem --roots root.pem --purpose client',
  'chain.pem --roots root.pem',
])('what a hint asked for is enough, and then there is none: %s', async (line) => {
  expect(await verify(line)).toEqual({ status: 0, hints: [] })
})
