import { SqliteError } from 'better-sqlite3'
import { EdgekeepError } from '../../contract/errors/registry.ts'

type SqliteFailure = InstanceType<typeof SqliteError>

/** Translates errors of SQLite and the file system; others pass unchanged. */
export function asVaultFailure(error: unknown): unknown {
  if (isSystemError(error)) return unusable(reasonOf(error.code), error)
  return asDatabaseFailure(error)
}

function asDatabaseFailure(error: unknown): unknown {
  return error instanceof SqliteError ? (sqliteFailure(error) ?? error) : error
}

/**
 * Wraps functions to translate their failures by `translate`. For functions that call back into the caller's code,
 * use the translation of SQLite's errors alone: a system error may be the caller's own.
 */
export function translatingFailures<T extends object>(
  functions: T,
  translate: (error: unknown) => unknown = asDatabaseFailure,
): T {
  const translated = Object.entries(functions).map(([name, act]: [string, unknown]) => [
    name,
    translating(act, translate),
  ])
  return Object.fromEntries(translated) as T
}

function translating(act: unknown, translate: (error: unknown) => unknown): unknown {
  if (typeof act !== 'function') return act
  const fail = (error: unknown): never => {
    throw translate(error)
  }
  return (...parameters: unknown[]): unknown => {
    try {
      const result: unknown = act(...parameters)
      return result instanceof Promise ? result.catch(fail) : result
    } catch (error) {
      return fail(error)
    }
  }
}

function sqliteFailure(error: SqliteFailure): EdgekeepError | undefined {
  const code = error.code
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return vaultDamaged('SQLite cannot read its pages', error)
  if (code.startsWith('SQLITE_BUSY')) return new EdgekeepError('engine.busy', {}, { cause: error })
  // SQLITE_IOERR_SHMSIZE: the index of the write-ahead log could not grow.
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE') return unusable('the disk is full', error)
  if (code.startsWith('SQLITE_IOERR')) return unusable('the disk reports an error', error)
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM')
    return unusable('its database cannot be written', error)
  return undefined
}

/** `reason` completes "The vault is damaged: …". */
export function vaultDamaged(reason: string, cause?: unknown): EdgekeepError {
  return new EdgekeepError('vault.damaged', { reason }, { cause })
}

function unusable(reason: string, cause: unknown): EdgekeepError {
  return new EdgekeepError('home.unusable', { reason }, { cause })
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string'
}

const reasons = new Map<string, string>(
  Object.entries({
    EACCES: 'this user may not read or write it',
    EPERM: 'this user may not read or write it',
    EROFS: 'it lies on a disk that can only be read',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    ENOTDIR: 'there is a file where the folder should be',
    EEXIST: 'there is a file where the folder should be',
    ENAMETOOLONG: 'its path is too long',
  }),
)

function reasonOf(code: string): string {
  // Node's rmSync sets no code for most errors.
  return reasons.get(code) ?? (code ? `the system reports ${code}` : 'the disk reports an error')
}
