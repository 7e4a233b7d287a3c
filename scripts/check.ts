import { checks, runSteps } from './steps.ts'

const outcomes = await runSteps(checks, 2)
if (outcomes.some((outcome) => !outcome.ok)) process.exitCode = 1
