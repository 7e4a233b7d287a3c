import { randomBytes, timingSafeEqual } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { uptimeMs } from '../../clock/uptime.ts'
import { asVaultFailure } from '../vault/failures.ts'

export type ConfirmationCodes = ReturnType<typeof createConfirmationCodes>

const fileName = 'confirmation-code.txt'
const validMs = 5 * 60_000
/** A repeated request returns the same code, so that it cannot invalidate one that is being typed. */
const leftAtLeastMs = 2 * 60_000
const mostAttempts = 5
const codeLetters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 8

/**
 * Codes that prove read access to the vault's folder. A program that only reached the control socket has
 * none; and for a vault without a passphrase, a reader of its folder counts as the owner, since nothing else
 * distinguishes them. `now`: milliseconds that count sleep and ignore the system's time, which is only printed.
 */
export function createConfirmationCodes({
  folder,
  clock,
  now = uptimeMs,
}: {
  folder: string
  clock: () => Date
  now?: (() => number) | undefined
}) {
  const path = join(folder, fileName)
  let live: { code: string; until: number; printed: number; attemptsLeft: number } | undefined

  /** Removes the file. */
  function close(): void {
    live = undefined
    rmSync(path, { force: true })
  }

  /** Checks both clocks: a code outlives neither the time in its file nor its five minutes. */
  function isOver({ until, printed }: { until: number; printed: number }): boolean {
    return until < now() || printed < clock().getTime()
  }

  // Invalidates the code of a killed engine.
  close()
  return {
    /**
     * Writes a code into its file, or returns the current one if it is young enough.
     * @throws `home.unusable`
     */
    request(): { path: string; expiresAt: string } {
      if (!live || isOver(live) || live.until - now() < leftAtLeastMs)
        live = { code: newCode(), until: now() + validMs, printed: Infinity, attemptsLeft: mostAttempts }
      live.printed = clock().getTime() + live.until - now()
      const expiresAt = new Date(live.printed).toISOString()
      write(path, `${live.code.slice(0, 4)}-${live.code.slice(4)}`, expiresAt)
      return { path, expiresAt }
    },
    /** Tests a code; a right one and the fifth wrong one end it. */
    take(typed: string): boolean {
      if (!live || isOver(live)) {
        close()
        return false
      }
      live.attemptsLeft -= 1
      const isRight = isSame(live.code, typed)
      if (isRight || live.attemptsLeft === 0) close()
      return isRight
    },
    close,
  }
}

function newCode(): string {
  return [...randomBytes(length)].map((byte) => codeLetters[byte % codeLetters.length]).join('')
}

function isSame(code: string, typed: string): boolean {
  const letters = typed.toUpperCase().replaceAll(/[^0-9A-Z]/g, '')
  return letters.length === code.length && timingSafeEqual(Buffer.from(letters), Buffer.from(code))
}

/** Creates a new file for its owner alone, whatever was there. */
function write(path: string, code: string, expiresAt: string): void {
  try {
    rmSync(path, { force: true })
    const text = `${code}\n\nThis is Edgekeep's confirmation code, valid until ${expiresAt}. Type it into Edgekeep only.\n`
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    throw asVaultFailure(error)
  }
}
