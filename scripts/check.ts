import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { checks, runSteps, type Step } from './steps.ts'

const given = process.argv.slice(2)
const names = given.filter((word) => word !== '--changed')
const unknown = names.filter((name) => !checks.some((step) => isNamed(step, name)))

/** `types` names both steps of types, `outside-keys` the one of that name with a space. */
function isNamed({ name }: Step, word: string): boolean {
  const dashed = name.replaceAll(' ', '-')
  return dashed === word || dashed.startsWith(`${word}-`)
}

/** The same step on the files that differ from the last commit, where its program takes files. */
function onChangedFiles(step: Step): Step[] {
  if (step.name !== 'format' && step.name !== 'lint') return [step]
  const files = changedFiles()
  return files.length === 0 ? [] : [{ ...step, command: `${step.command} ${files.join(' ')}` }]
}

function changedFiles(): string[] {
  const lists = ['diff --name-only HEAD', 'ls-files --others --exclude-standard']
  const lines = lists.flatMap((list) =>
    spawnSync('git', list.split(' '), { encoding: 'utf8' }).stdout.split('\n'),
  )
  return lines.filter((file) => /\.(?:ts|tsx|mts|mjs)$/.test(file) && existsSync(file))
}

if (unknown.length > 0) {
  const all = checks.map(({ name }) => name.replaceAll(' ', '-')).join(', ')
  console.error(
    `npm run check [-- NAME… --changed]; no check is named ${unknown.join(', ')}. The checks are ${all}.`,
  )
  process.exitCode = 2
} else {
  const chosen = checks.filter((step) => names.length === 0 || names.some((name) => isNamed(step, name)))
  const steps = given.includes('--changed') ? chosen.flatMap(onChangedFiles) : chosen
  const outcomes = await runSteps(steps, 2)
  if (outcomes.some((outcome) => !outcome.ok)) process.exitCode = 1
}
