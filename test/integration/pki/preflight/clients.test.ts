import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toPem } from '../../../../src/pki/formats/convert.ts'
import { askedPrograms } from '../../../support/clients/asked-programs.ts'
import { clientCases } from '../../../support/clients/cases.ts'
import { createWorkshop } from '../../../support/clients/client-case.ts'
import type { OpenProgram } from '../../../support/clients/program.ts'
import { readRecorded } from '../../../support/clients/recorded.ts'
import { serveCase } from '../../../support/clients/serve-case.ts'
import { absent, needs } from '../../../support/needs.ts'

/** Short form of `npm run conformance -- clients`. */
const asked = ['openssl', 'node']
const chosen = [
  ...['chain-usual', 'chain-missing', 'chain-untrusted', 'chain-no-ca', 'chain-names-violated'],
  ...['key-ed25519', 'key-rsa1024', 'ecdsa-sha1-leaf', 'usage-key-encipherment-rsa', 'purpose-client'],
  ...['name-underscore', 'name-other-host', 'time-expired', 'form-unknown-critical'],
]

describe('openssl and Node', () => {
  needs(absent('openssl'))
  const workshop = createWorkshop()
  const recorded = readRecorded()
  const folder = mkdtempSync(join(tmpdir(), 'edgekeep-clients-'))
  const programs = new Map<string, OpenProgram>()

  beforeAll(async () => {
    const rootsPath = join(folder, 'roots.pem')
    const roots = [toPem(workshop.root.der)]
    writeFileSync(rootsPath, roots.join(''))
    for (const { id, open } of askedPrograms)
      if (asked.includes(id)) programs.set(id, await open({ folder, rootsPath, roots }))
  })
  afterAll(async () => {
    for (const program of programs.values()) await program.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test.each(clientCases.filter(({ id }) => chosen.includes(id)))(
    'answer about a chain with $title as recorded',
    async ({ id, host, make }) => {
      const server = await serveCase(make(workshop))
      for (const [program, { ask }] of programs)
        expect(await ask({ host, port: server.port }), program).toBe(recorded.cases[id]?.[program])
      server.close()
    },
  )
})
