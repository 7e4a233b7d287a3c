import { copyFileSync, readdirSync } from 'node:fs'

// What the last e2e run left becomes what the README and the guide show. A page that is to show another
// picture names it first: an empty file of that name in docs/pictures, then this.
for (const name of readdirSync('docs/pictures').filter((entry) => entry.endsWith('.png'))) {
  copyFileSync(`test-results/pictures/${name}`, `docs/pictures/${name}`)
}
