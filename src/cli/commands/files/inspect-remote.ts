import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { RemoteReport } from '../../../contract/inspect/remote.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import { questionOf, type QuestionOptions, sideOf } from './given-files.ts'
import { type Result, usageError } from '../../frame/command.ts'
import type { PassphraseOptions } from '../../input/passphrase.ts'
import { formatAnswers, formatCertificateFacts, formatHeadline } from '../../output/format.ts'

interface RemoteOptions extends PassphraseOptions, QuestionOptions {
  serverName?: string
}

/** Fetches a server's chain and inspects it like a file, beside the files if there are any. */
export async function inspectServer(
  remote: string,
  paths: string[],
  options: RemoteOptions,
): Promise<Result> {
  const address = { ...addressOf(remote), serverName: options.serverName }
  const compareWith = paths.length > 0 ? await sideOf(paths, options) : undefined
  const [{ fetchServedChain }, { remoteReport }, { verifyCertificate }, question] = await Promise.all([
    import('../../../engine/inspect/remote/served-chain.ts'),
    import('../../../pki/report/remote-report.ts'),
    import('../../../pki/verify/verify.ts'),
    questionOf(options),
  ])
  const served = await fetchServedChain(address)
  const host = options.host ?? options.serverName ?? address.host
  const report = remoteReport(served, address, {
    verify: (leaf, intermediates) => verifyCertificate({ ...question, leaf, intermediates, host }),
    at: question.at,
    compareWith,
  })
  const { severity, sentence } = report.diagnosed.diagnosis
  const no = severity === 'bad' ? new EdgekeepError('verification.failed', { reason: sentence }) : undefined
  return { data: { ...report }, text: formatRemote(report), no }
}

/** `host:port`, `[::1]:8443`; without a port, 443. */
function addressOf(text: string): { host: string; port: number } {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  const host = bracketed ?? plain
  const port = Number(digits ?? 443)
  if (host && port >= 1 && port <= 65_535) return { host, port }
  throw usageError(`--remote "${text}" is not a server; write it like shop.example:443.`)
}

function formatRemote({ address, handshake, asSent, chain, diagnosed, comparison }: RemoteReport): string {
  const { protocol, cipher, alpn, tookMs } = handshake
  const order = asSent
    ? 'in the order sent'
    : 'as the client put them together (the server speaks TLS 1.3 only)'
  return [
    formatHeadline(diagnosed),
    `${visibleText(address)}: ${protocol}, ${cipher}${alpn ? `, ${alpn}` : ''}, ${tookMs} ms`,
    ...(diagnosed.verification ? [formatAnswers(diagnosed.verification.answers)] : []),
    ...(comparison
      ? [
          [
            'Served now, against the file',
            ...comparison.summary.map((line) => `  ${visibleText(line)}`),
          ].join('\n'),
        ]
      : []),
    `Certificates: ${chain.length}, ${order}`,
    ...chain.map(formatCertificateFacts),
  ].join('\n\n')
}
