import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { guidePages, unusedAdaptations } from '../support/guide/adaptations.ts'
import { guideCommands } from '../support/guide/commands.ts'
import { problemsOf, runPage } from '../support/guide/page-run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

// `npm run conformance -- guide` runs the other pages too.
const pages = [
  'docs/guide/serving-a-domain.md',
  'docs/guide/certificates.md',
  'docs/guide/local-certificates.md',
  'docs/guide/looking-into-files.md',
]

test.each(pages)('the commands of %s end and print as it says', { timeout: 180_000 }, async (page) => {
  const outcomes = await runPage(page, guidePages[page] ?? {}, temporaryFolder())
  expect(problemsOf(outcomes)).toEqual([])
  expect(outcomes.filter(({ skipped }) => skipped === undefined).length).toBeGreaterThan(5)
})

test('every page that prints commands is run, by this test or the long one', () => {
  const printing = ['README.md', ...globSync('docs/guide/*.md')].filter(
    (page) => guideCommands(page).length > 0,
  )
  expect(printing.filter((page) => !guidePages[page])).toEqual([])
})

test('every adaptation of a printed command is needed', () => {
  const commands = Object.keys(guidePages).flatMap(guideCommands)
  expect(unusedAdaptations(commands)).toEqual([])
})
