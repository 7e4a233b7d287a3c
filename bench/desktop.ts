import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { desktopEnvironment } from '../scripts/desktop-environment.ts'

// Runs the benchmark of the desktop app's start in the environment of its tests: a display, and an ordinary
// user.
const work = mkdtempSync(path.join(tmpdir(), 'edgekeep-bench-'))
const { before, folder, environment, end } = desktopEnvironment(work)
const commandLine = [...before, path.resolve('node_modules/.bin/node'), 'bench/desktop-start.ts']
const [program = '', ...rest] = commandLine
const { status } = spawnSync(program, rest, { stdio: 'inherit', cwd: folder, env: environment })
end()
rmSync(work, { recursive: true })
process.exitCode = status ?? 1
