import { connect, type Socket } from 'node:net'
import type { NoticeSettings } from '../../contract/notices/notices.ts'
import { allowances, guardedLookup, requireAllowedLiteral } from '../network-guard/guard.ts'
import type { NoticeMessage } from './notice-text.ts'

const idleMs = 20_000

export type EmailSettings = Extract<NoticeSettings, { kind: 'email' }>

/**
 * Sends an e-mail by SMTP. Without TLS, the server has to be on this computer.
 * @throws the reason of `signal`, errors of nodemailer and of the network
 */
export async function sendEmail(
  settings: EmailSettings,
  password: string,
  { message: { title, text }, signal }: { message: NoticeMessage; signal: AbortSignal },
): Promise<void> {
  const { createTransport } = await import('nodemailer')
  const { host, port, security, user, from, to } = settings
  const allowance = security === 'none' ? allowances.ownComputer : allowances.typed
  requireAllowedLiteral(host, allowance)
  let connection: Socket | undefined
  const transport = createTransport({
    host,
    port,
    // Name in EHLO: nodemailer's default names this computer.
    name: 'localhost',
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: idleMs,
    greetingTimeout: idleMs,
    socketTimeout: idleMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(user === null ? {} : { auth: { user, pass: password } }),
    // Connects only to an address that was checked.
    getSocket: (_options: unknown, opened: (error: Error | null, socket?: object) => void) => {
      const socket = connect({ host, port, lookup: guardedLookup(allowance), timeout: idleMs })
      connection = socket
      socket.once('connect', () => opened(null, { connection: socket }))
      socket.once('timeout', () => socket.destroy(new Error('there was no answer in time')))
      socket.once('error', (error) => opened(error))
    },
  })
  try {
    const sent = transport.sendMail({ from, to, subject: `Edgekeep: ${title}`, text })
    await Promise.race([sent, abortOf(signal)])
  } finally {
    transport.close()
    // A server that sends an octet now and then is never idle.
    connection?.destroy()
  }
}

/** Rejects once `signal` is aborted. */
function abortOf(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason as Error)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  return promise
}
