import { createHash } from 'node:crypto'
import { configurationFileSchema } from '../../contract/domains/configuration.ts'
import type { Effect } from '../../contract/domains/domains.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { ImportPlan, ProgramInput, ProgramPlan } from '../../contract/imports/imports.ts'
import { wipedTogether } from '../../domain/secret-bytes.ts'
import { placeOf } from '../../import/find-setups.ts'
import { importKinds } from '../../import/kinds.ts'
import { readSetup } from '../../import/read-setup.ts'
import { uploadedFiles } from '../../import/setup/uploaded-files.ts'
import { readUploads } from '../core/uploads.ts'
import type { DomainNeeds } from '../domains/needs.ts'
import { applyImport, planImport, type Setup } from './import-setup.ts'

/** Reads the setup of a program and plans its import. @throws `import.nothing_found`, `import.unreadable` */
export async function planProgram(
  parts: DomainNeeds,
  input: ProgramInput,
  signal?: AbortSignal,
): Promise<ProgramPlan> {
  parts.vault.requireUnlocked()
  return await withSetup(input, async ({ setup, ...shown }) => ({
    plan: await planImport(parts, setup, signal),
    domains: setup.domains,
    ...shown,
  }))
}

/** @throws `configuration.outdated` if the configuration or the files have changed since the plan */
export async function applyProgram(
  parts: DomainNeeds,
  { version, digest, ...input }: ProgramInput & { version: number; digest: string },
  signal?: AbortSignal,
): Promise<{ plan: ImportPlan; effect: Effect }> {
  parts.vault.requireUnlocked()
  return await withSetup(input, async ({ setup, digest: found }) => {
    if (found !== digest) throw new EdgekeepError('configuration.outdated', {})
    return await applyImport(parts, { ...setup, version }, signal)
  })
}

type Read = Pick<ProgramPlan, 'path' | 'anchors' | 'notes' | 'digest'> & { setup: Setup }

/**
 * Reads chosen files, or the usual place on this computer: a window that was taken over must not be able to name any
 * other file.
 */
async function withSetup<T>(
  { program, files, passphrase }: ProgramInput,
  use: (read: Read) => Promise<T>,
): Promise<T> {
  const usual = placeOf(program)
  const [firstPlace] = importKinds[program].places()
  using uploaded = files && uploadedFiles(await readUploads(files), firstPlace)
  const path = uploaded?.path ?? usual
  if (path === undefined) throw new EdgekeepError('import.nothing_found', { source: program })
  using read = await readSetup(importKinds[program], path, uploaded?.files)
  const opened = read.open()
  using _wiped = wipedTogether(opened.map(({ bytes }) => bytes))
  const domains = configurationFileSchema.shape.domains.parse(Object.fromEntries(read.domains))
  const setup: Setup = {
    source: program,
    domains,
    files: opened.map(({ path: name, bytes }) => async () => [{ name, bytes: new Uint8Array(bytes) }]),
    passphrase,
  }
  const { anchors, notes } = read
  const hash = createHash('sha256').update(JSON.stringify(domains))
  for (const { bytes } of opened) hash.update(createHash('sha256').update(bytes).digest())
  return await use({ setup, path, anchors, notes, digest: hash.digest('hex') })
}
