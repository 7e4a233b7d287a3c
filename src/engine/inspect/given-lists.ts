import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { mostListBytes, readLogList, useLogList } from '../../pki/transparency/log-list.ts'
import { parseRootLists, useRootLists } from '../../pki/roots/root-lists.ts'
import type { Log } from '../core/log.ts'

/** Uses the lists of logs and of roots that a person has put into the home folder, if they are there. */
export function useGivenLists(folder: string, log: Log): void {
  useGiven(join(folder, 'log_list.json'), (text) => useLogList(readLogList(text)), log)
  useGiven(join(folder, 'root-table.json'), (text) => useRootLists(parseRootLists(text)), log)
}

function useGiven(path: string, use: (text: string) => void, log: Log): void {
  if (!existsSync(path)) return
  try {
    const isSmall = statSync(path).size <= mostListBytes
    use(isSmall ? readFileSync(path, 'utf8') : '')
  } catch (error) {
    log.warn({ err: error }, 'List in the home folder unreadable, using the shipped one')
  }
}
