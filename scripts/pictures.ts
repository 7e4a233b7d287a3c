import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'

// Copies screenshots of the e2e tests into the README and the guide. To add one, create an empty file of its
// name in docs/pictures first.
const pictures = path.resolve('test-results/pictures')
mkdirSync(pictures, { recursive: true })
const { status } = spawnSync(process.execPath, ['scripts/test.ts', 'e2e', 'e2e-desktop'], {
  stdio: 'inherit',
  env: { ...process.env, EDGEKEEP_PICTURES: pictures },
})
if (status !== 0) process.exit(status ?? 1)
for (const name of readdirSync('docs/pictures').filter((entry) => entry.endsWith('.png'))) {
  copyFileSync(path.join(pictures, name), path.join('docs/pictures', name))
}
