import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** Files whose shield is about trust: anchors, clients that have the local authority, domains that they accept. */
const aboutTrust = [
  'app/sections.ts',
  'features/domains/badges.tsx',
  'features/domains/https/settings/free-panel.tsx',
  'features/domains/tls/client-certificates.tsx',
  'features/domains/verification/verification-section.tsx',
  'features/inspector/chain/chain-graph.tsx',
  'features/inspector/question-form.tsx',
  'features/trust/actions.ts',
]

test('a shield stands for trust alone: verifying, a weak vault and a refusal have signs of their own', () => {
  const renderer = 'src/renderer/'
  const withShield = globSync(`${renderer}**/*.{ts,tsx}`).filter((file) =>
    readFileSync(file, 'utf8').includes('IconShield'),
  )
  expect(
    withShield.map((file) => file.slice(renderer.length)).toSorted((a, b) => a.localeCompare(b)),
  ).toEqual(aboutTrust)
})
