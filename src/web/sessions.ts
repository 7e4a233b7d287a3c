import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { uptimeMs } from '../clock/uptime.ts'

/**
 * Session with a secret path. Browsers send a cookie to every port of a host, so also to a server that
 * somebody else runs on this computer. They send it only below its path, though: each session has a path that
 * nobody can guess.
 */
export interface Session {
  place: string
  secret: string
}

const tokenLifeMs = 10 * 60_000
const mostTokens = 32
const mostSessions = 32

/** One-time tokens and the sessions they are exchanged for; in memory only, gone with the host. */
export type Sessions = ReturnType<typeof createSessions>

/** `clock` gives milliseconds that count sleep and do not follow the system's time. */
export function createSessions(clock: () => number = uptimeMs) {
  const tokens: { digest: Buffer; expiresAt: number }[] = []
  const sessions: Buffer[] = []

  return {
    /** Issues a token, good once and for ten minutes. */
    issueToken() {
      const token = randomBytes(32).toString('base64url')
      tokens.push({ digest: digestOf(token), expiresAt: clock() + tokenLifeMs })
      if (tokens.length > mostTokens) tokens.shift()
      return token
    },
    /** Creates a session; null if the token was never issued, is used up or too old. */
    redeem(token: string) {
      const index = indexOf(
        tokens.map((issued) => issued.digest),
        token,
      )
      if (index === -1) return null
      const [issued] = tokens.splice(index, 1)
      if (!issued || issued.expiresAt < clock()) return null
      const session = {
        place: randomBytes(16).toString('base64url'),
        secret: randomBytes(32).toString('base64url'),
      }
      sessions.push(digestOf(inOne(session)))
      if (sessions.length > mostSessions) sessions.shift()
      return session
    },
    has: (session: Session) => indexOf(sessions, inOne(session)) !== -1,
  }
}

/** Compares with every digest in constant time, so that timing reveals no near match. */
function indexOf(digests: Buffer[], secret: string): number {
  const given = digestOf(secret)
  return digests.reduce((found, digest, index) => (timingSafeEqual(digest, given) ? index : found), -1)
}

function inOne({ place, secret }: Session): string {
  return `${place} ${secret}`
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
