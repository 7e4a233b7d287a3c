import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { printError } from '../../../src/cli/output/output.ts'
import { table, certificateLine, formatImpact } from '../../../src/cli/output/format.ts'
import { createProgram } from '../../../src/cli/program.ts'
import { toPem } from '../../../src/pki/formats/convert.ts'
import { commonName, extension, makeCertificate } from '../../support/pki/certificate-maker.ts'
import * as der from '../../support/pki/der-writer.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** Clears the screen, starts a line of its own, turns the direction of reading around. */
const nasty = 'shop\u001b[2J\u009b31m\nVerified: yes\r\u202etset\u2066\u200b\u2028.test'
const steersTerminal = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/

const hostile = makeCertificate({
  subject: commonName(nasty),
  names: [nasty, `a@${nasty}`, `https://${nasty}`],
  extensions: {
    '1.2.3': extension('1.2.3', der.utf8(nasty)),
    '2.5.29.32': extension(
      '2.5.29.32',
      der.sequence(
        der.sequence(
          der.objectIdentifier('1.2.3'),
          der.sequence(
            der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.2.1'), der.element(0x16, Buffer.from(nasty))),
          ),
        ),
      ),
    ),
  },
})

describe('nothing of a hostile certificate steers the terminal when it is printed by', () => {
  let printed = ''

  beforeEach(() => {
    printed = ''
    const keep = (text: string | Uint8Array): boolean => {
      printed += String(text)
      return true
    }
    vi.spyOn(process.stdout, 'write').mockImplementation(keep)
    vi.spyOn(process.stderr, 'write').mockImplementation(keep)
  })
  afterEach(() => void vi.restoreAllMocks())

  async function run(...args: string[]): Promise<string> {
    const file = join(temporaryFolder(), 'hostile\u001b[2J.pem')
    writeFileSync(file, toPem(hostile.der))
    await createProgram(() => undefined).parseAsync(
      args.map((arg) => (arg === 'FILE' ? file : arg)),
      { from: 'user' },
    )
    return printed
  }

  test('inspect', async () => {
    const text = await run('inspect', 'FILE')
    expect(text).not.toMatch(steersTerminal)
    expect(text).not.toMatch(/^\s*Verified: yes/m)
    expect(text).toContain('\\u001b[2J')
  })

  test('inspect --json, and what stood there can be read from it', async () => {
    const text = await run('inspect', '--json', 'FILE')
    expect(text).not.toMatch(steersTerminal)
    const { pieces } = JSON.parse(text) as { pieces: { certificate: { names: { uri: string[] } } }[] }
    expect(pieces[0]?.certificate.names.uri[0]).toContain('\u001b[2J')
  })

  test('verify', async () => {
    const text = await run('verify', '--leaf', 'FILE', '--roots', 'FILE', '--host', 'shop.test')
    expect(text).not.toMatch(steersTerminal)
    expect(text).not.toMatch(/^\s*Verified: yes/m)
  })

  test('a table and a line', () => {
    const period = { notBefore: '2026-01-01', notAfter: '2027-01-01' }
    const line = certificateLine({ dnsNames: [nasty], ipNames: [], issuer: nasty, ...period })
    for (const text of [table(['NAME'], [[nasty]]), line])
      expect(text).not.toMatch(/Verified: yes.*\n|[\u001b\u202e]/)
    expect(table(['NAME'], [[nasty]]).split('\n')).toHaveLength(2)
  })

  test('an error', () => {
    printError(nasty)
    expect(printed).not.toMatch(steersTerminal)
  })
})

test('a name with line ends forges no line about a swap', () => {
  const [namesLost, namesGained] = [[nasty], ['b.test\r\nNewly covered: bank.example.']]
  const text = formatImpact({ namesLost, namesGained })
  expect(text.trim().split('\n')).toHaveLength(2)
  expect(text).not.toMatch(steersTerminal)
})
