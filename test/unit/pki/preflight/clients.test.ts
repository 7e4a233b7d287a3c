import { expect, test } from 'vitest'
import { clientCases } from '../../../support/clients/cases.ts'
import { disagreements } from '../../../support/clients/disagreements.ts'
import { knownDifferences } from '../../../support/clients/known-differences.ts'
import { readRecorded } from '../../../support/clients/recorded.ts'

const recorded = readRecorded()

test('the table of real programs has an answer of each for every chain', () => {
  const programs = Object.keys(recorded.programs)
  expect(programs).toEqual(
    expect.arrayContaining([
      'chrome',
      'firefox',
      'openssl',
      'curl',
      'python',
      'php',
      'node',
      'java',
      'go',
      'wget',
    ]),
  )
  for (const { id } of clientCases) expect(Object.keys(recorded.cases[id] ?? {}), id).toEqual(programs)
})

test('the packs of Chrome, Firefox, Java and Node say what these did, or why not', () => {
  const different = disagreements(recorded)
  expect(different.filter(({ known }) => known === undefined)).toEqual([])
  expect(different.map(({ cell }) => cell).toSorted()).toEqual(Object.keys(knownDifferences).toSorted())
})
