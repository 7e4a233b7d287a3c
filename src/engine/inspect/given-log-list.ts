import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { mostListBytes, readLogList, useLogList } from '../../pki/transparency/log-list.ts'
import type { Log } from '../core/log.ts'

/** Uses the list of transparency logs that a person has put into the home folder, if there is one. */
export function useGivenLogList(folder: string, log: Log): void {
  const path = join(folder, 'log_list.json')
  if (!existsSync(path)) return
  try {
    const isSmall = statSync(path).size <= mostListBytes
    useLogList(readLogList(isSmall ? readFileSync(path, 'utf8') : ''))
  } catch (error) {
    log.warn({ err: error }, 'List of transparency logs unreadable, using the shipped list')
  }
}
