import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { processTable } from '../../../platform/processes/process-table.ts'
import { replaceFile } from '../../../platform/files/replace-file.ts'
import type { Home } from '../../../engine-process/home.ts'
import { alive, endProcesses } from './process-tree.ts'

const processSchema = z.object({ pid: z.number().int().positive(), start: z.string() })
const recordSchema = z.object({
  /** The process of "edgekeep run". */
  owner: processSchema,
  project: z.string(),
  services: z.array(z.object({ name: z.string(), address: z.string().nullable() })),
  processes: z.array(processSchema),
})
type RunRecord = z.infer<typeof recordSchema>

export interface ListedRun extends RunRecord {
  /** Its owner was killed; its servers may still run. */
  isLeft: boolean
  file: string
}

const folderOf = (home: Home) => join(home.folder, 'runs')

/**
 * Record of this run in Edgekeep's home, so that its servers are found when it is killed. `note` rewrites it.
 */
export async function openRunRecord(home: Home, { project }: Pick<RunRecord, 'project'>) {
  const own = (await processTable().catch(() => [])).find(({ pid }) => pid === process.pid)
  const owner = { pid: process.pid, start: own?.start ?? '' }
  const path = join(folderOf(home), `${process.pid}.json`)
  mkdirSync(folderOf(home), { recursive: true, mode: 0o700 })
  let written = ''
  return {
    note(services: RunRecord['services'], processes: RunRecord['processes']): void {
      const text = JSON.stringify(recordSchema.parse({ owner, project, services, processes }))
      if (text !== written) replaceFile(path, Buffer.from((written = text)), 0o600)
    },
    remove: () => rmSync(path, { force: true }),
  }
}

/** Runs on this computer, also those of killed owners. */
export async function listRuns(home: Home): Promise<ListedRun[]> {
  const records = readRecords(home)
  const owners = new Set((await alive(records.map(({ owner }) => owner))).map(({ pid }) => pid))
  return records.map((record) => ({ ...record, isLeft: !owners.has(record.owner.pid) }))
}

/** Ends the servers of killed runs. Returns the runs, each with the number of ended processes. */
export async function pruneRuns(home: Home): Promise<(ListedRun & { ended: number })[]> {
  const left = (await listRuns(home)).filter(({ isLeft }) => isLeft)
  return Promise.all(
    left.map(async (run) => {
      const ended = await endProcesses(run.processes)
      rmSync(run.file, { force: true })
      return { ...run, ended }
    }),
  )
}

function readRecords(home: Home): (RunRecord & { file: string })[] {
  return filesIn(folderOf(home)).flatMap((file) => {
    try {
      return [{ ...recordSchema.parse(JSON.parse(readFileSync(file, 'utf8'))), file }]
    } catch {
      // A damaged record names nothing that could be ended.
      return []
    }
  })
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+\.json$/.test(name))
      .map((name) => join(folder, name))
  } catch {
    return []
  }
}
