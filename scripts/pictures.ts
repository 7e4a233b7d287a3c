import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'

// What the e2e tests show becomes what the README and the guide show. A page that is to show another picture names it
// first: an empty file of that name in docs/pictures, then this.
const pictures = path.resolve('test-results/pictures')
mkdirSync(pictures, { recursive: true })
for (const tests of ['test:e2e', 'test:desktop']) {
  const env = { ...process.env, EDGEKEEP_PICTURES: pictures }
  // npm is a script of the shell's on Windows.
  const { status } = spawnSync(`npm run ${tests}`, { stdio: 'inherit', shell: true, env })
  if (status !== 0) process.exit(status ?? 1)
}
for (const name of readdirSync('docs/pictures').filter((entry) => entry.endsWith('.png'))) {
  copyFileSync(path.join(pictures, name), path.join('docs/pictures', name))
}
