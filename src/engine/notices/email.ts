import { connect } from 'node:net'
import type { NoticeSettings } from '../../contract/notices/notices.ts'
import { allowances, guardedLookup, requireAllowedLiteral } from '../network-guard/guard.ts'
import type { NoticeMessage } from './notice-text.ts'

const timeoutMs = 20_000

export type EmailSettings = Extract<NoticeSettings, { kind: 'email' }>

/**
 * Sends an e-mail by SMTP. Without TLS, the server has to be on this computer.
 * @throws errors of nodemailer and of the network
 */
export async function sendEmail(
  settings: EmailSettings,
  password: string,
  { title, text }: NoticeMessage,
): Promise<void> {
  const { createTransport } = await import('nodemailer')
  const { host, port, security, user, from, to } = settings
  const allowance = security === 'none' ? allowances.ownComputer : allowances.typed
  requireAllowedLiteral(host, allowance)
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(user === null ? {} : { auth: { user, pass: password } }),
    // Connects only to an address that was checked.
    getSocket: (_options: unknown, opened: (error: Error | null, socket?: object) => void) => {
      const connection = connect({ host, port, lookup: guardedLookup(allowance), timeout: timeoutMs })
      connection.once('connect', () => opened(null, { connection }))
      connection.once('timeout', () => connection.destroy(new Error('there was no answer in time')))
      connection.once('error', (error) => opened(error))
    },
  })
  try {
    await transport.sendMail({ from, to, subject: `Edgekeep: ${title}`, text })
  } finally {
    transport.close()
  }
}
