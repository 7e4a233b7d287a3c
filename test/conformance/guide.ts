import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { guidePages } from '../support/guide/adaptations.ts'
import { problemsOf, runPage } from '../support/guide/page-run.ts'

/**
 * Runs the commands of README and guide as they are printed, page by page, each in a fresh home, and compares
 * exit status and printed answers: `npm run conformance -- guide [PART-OF-A-PAGE'S-NAME]`.
 */
const [only = ''] = process.argv.slice(2)
for (const [page, setup] of Object.entries(guidePages).filter(([name]) => name.includes(only))) {
  const folder = mkdtempSync(join(tmpdir(), 'edgekeep-guide-'))
  try {
    const outcomes = await runPage(page, setup, folder)
    const problems = problemsOf(outcomes)
    const skipped = outcomes.filter((outcome) => outcome.skipped !== undefined)
    console.log(
      `${page}: ${outcomes.length - skipped.length} commands run, ${problems.length} problems, ${skipped.length} not run`,
    )
    for (const { command, skipped: reason } of skipped) console.log(`  line ${command.line}: ${reason}`)
    for (const problem of problems) console.log(problem)
    if (problems.length > 0) process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
