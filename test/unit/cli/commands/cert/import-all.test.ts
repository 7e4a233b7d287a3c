import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { importAll } from '../../../../../src/cli/commands/cert/import-all.ts'
import { Interruption, type Session } from '../../../../../src/cli/frame/command.ts'
import { certificateFacts } from '../../../renderer/features/domains/domain-facts.ts'

const folder = mkdtempSync(join(tmpdir(), 'edgekeep-import-'))
writeFileSync(join(folder, 'a.pem'), 'a')
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => void vi.spyOn(process.stderr, 'write').mockImplementation(() => true))

const later = new Date(Date.now() + 1_000).toISOString()

/** Engine that is left while it stores, after it has stored two certificates and reported one. */
function engineWith(stored: number) {
  return {
    certificates: {
      importMany: async function* (_input: unknown, { signal }: { signal: AbortSignal }) {
        yield { type: 'progress', stage: 'storing', done: 20, total: 1200 }
        process.emit('SIGINT')
        signal.throwIfAborted()
      },
      list: async () => [
        certificateFacts('old'),
        ...Array.from({ length: stored }, (_, at) => certificateFacts(`new ${at}`, { addedAt: later })),
      ],
    },
  }
}

const importInto = (client: object) =>
  importAll({ client, global: {} } as unknown as Session, [folder], { passwordStdin: false })

test('Ctrl-C says how many certificates are in the vault, also those not reported yet', async () => {
  const { text, no } = await importInto(engineWith(1002))
  expect(text).toContain('Stopped: 1,002 certificates imported')
  expect(no).toBeInstanceOf(Interruption)
  expect(process.listenerCount('SIGINT')).toBe(0)
})

test('Ctrl-C before the first certificate says that nothing was imported', async () => {
  const { text } = await importInto(engineWith(0))
  expect(text).toContain('Nothing was imported.')
})
