import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { handshakeProofClass } from '../../../../src/engine/trust/probes/developer-clients.ts'
import { needs } from '../../../support/needs.ts'

const found = spawnSync('javac', ['-version'], { encoding: 'utf8' })
const missing = found.error
  ? 'javac is not installed here'
  : found.stdout.includes('javac 17.')
    ? undefined
    : `another compiler than that of Java 17 writes other bytes (${found.stdout.trim()})`
needs(missing)

test('the class that the product carries is its source, compiled', () => {
  const folder = mkdtempSync(join(tmpdir(), 'edgekeep-javac-'))
  try {
    const source = join(import.meta.dirname, '../../../../src/engine/trust/clients/HandshakeProof.java')
    spawnSync('javac', ['--release', '8', '-g:none', '-nowarn', '-d', folder, source])
    expect(readFileSync(join(folder, 'HandshakeProof.class'))).toEqual(handshakeProofClass('127.0.0.1'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
