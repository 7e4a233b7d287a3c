import { SqliteError } from 'better-sqlite3'
import { EdgekeepError } from '../../contract/errors.ts'

type SqliteFailure = InstanceType<typeof SqliteError>

/** The registry's error for what SQLite or the file system reports; everything else unchanged. */
export function asVaultFailure(error: unknown): unknown {
  if (error instanceof SqliteError) return sqliteFailure(error) ?? error
  if (isSystemError(error)) return unusable(reasonOf(error.code), error)
  return error
}

/** The same functions, their failures told in the registry's words. */
export function tellingFailures<T extends object>(functions: T): T {
  const told = Object.entries(functions).map(([name, act]: [string, unknown]) => [name, telling(act)])
  return Object.fromEntries(told) as T
}

function telling(act: unknown): unknown {
  if (typeof act !== 'function') return act
  return (...parameters: unknown[]): unknown => {
    try {
      return act(...parameters)
    } catch (error) {
      throw asVaultFailure(error)
    }
  }
}

function sqliteFailure(error: SqliteFailure): EdgekeepError | undefined {
  const code = error.code
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return new EdgekeepError('vault.damaged', { reason: 'SQLite cannot read its pages' }, { cause: error })
  if (code.startsWith('SQLITE_BUSY')) return new EdgekeepError('engine.busy', {}, { cause: error })
  // The second one: the index of the write-ahead log could not grow.
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE') return unusable('the disk is full', error)
  if (code.startsWith('SQLITE_IOERR')) return unusable('the disk reports an error', error)
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM')
    return unusable('its database cannot be written', error)
  return undefined
}

function unusable(reason: string, cause: unknown): EdgekeepError {
  return new EdgekeepError('home.unusable', { reason }, { cause })
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string'
}

const REASONS: Record<string, string> = {
  EACCES: 'this user may not read or write it',
  EPERM: 'this user may not read or write it',
  EROFS: 'it lies on a disk that can only be read',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'there is a file where the folder should be',
  EEXIST: 'there is a file where the folder should be',
  ENAMETOOLONG: 'its path is too long',
}

function reasonOf(code: string): string {
  return REASONS[code] ?? `the system reports ${code}`
}
