import { cpSync } from 'node:fs'

// What the last e2e run left becomes what the README and the guide show.
cpSync('test-results/pictures', 'docs/pictures', { recursive: true })
