import { expect, test } from 'vitest'
import { diagnoseFiles, givenRoots } from '../../../../src/pki/inspect/inspect.ts'
import { openIntake } from '../../../../src/pki/intake/intake.ts'
import { toPem } from '../../../../src/pki/formats/convert.ts'
import { clientCases } from '../../../support/clients/cases.ts'
import { createWorkshop } from '../../../support/clients/client-case.ts'

const workshop = createWorkshop()

function diagnosed(id: string) {
  const { chain } = clientCases.find((each) => each.id === id)!.make(workshop)
  const bytes = Buffer.from(chain.map((der) => toPem(der)).join(''))
  using intake = openIntake([{ name: 'chain.pem', bytes }])
  const anchors = givenRoots([workshop.root.der])
  const publicRoots = { name: 'public roots', certificates: [] }
  return diagnoseFiles(intake, { at: workshop.now, anchors, publicRoots }).diagnosis
}

test.each([
  ['usage-key-encipherment-rsa', /^Refused by Chrome and Edge: Its key usage does not permit/],
  ['key-p521', /^Refused by Chrome and Edge: Its key is of the type EC P-521/],
  ['key-ed25519', /^Refused by Chrome and Edge: Its key is of the type Ed25519/],
  ['key-ml-dsa-65', /^Refused by Firefox: Its key is of the type ML-DSA-65/],
])('the headline of %s is the browser that refuses it', (id, sentence) => {
  expect(diagnosed(id)).toMatchObject({ situation: 'browser-refuses', severity: 'bad' })
  expect(diagnosed(id).sentence).toMatch(sentence)
})

test('a chain that all browsers take stays valid', () => {
  expect(diagnosed('chain-usual').severity).toBe('good')
})
