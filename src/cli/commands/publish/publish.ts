import { type Flags, type OptionsOf, keys } from '../../frame/declare.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { type Result, type Session, usageError } from '../../frame/command.ts'
import { dryRunFlag } from '../../flags/confirmation.ts'
import { followPublication, type PublishProgress } from '../../../client/follow-publication.ts'
import { publishedStates, type PublishInput, type ServerReport } from '../../../contract/targets/targets.ts'
import { printError, printLine } from '../../output/output.ts'
import { lateProgress } from '../../output/progress.ts'
import { keepFlag, requireUpload, uploadFlag } from '../../flags/upload.ts'
import { passwordFlag, passwordStdinFlag } from '../../input/passphrase.ts'
import { stageFiles } from '../../input/staging.ts'
import { formatReports } from './format-reports.ts'

const publishFlags = {
  ...dryRunFlag,
  '--to <target>': { about: 'target', isRequired: true },
  '--withdraw <domains...>': 'domains that the target no longer serves',
  '--renew': 'from now on, renew its certificates and catch up servers that were away by itself',
  '--no-renew': 'no longer do so',
  ...uploadFlag,
  ...keepFlag,
  ...passwordFlag,
  ...passwordStdinFlag,
} as const satisfies Flags
type PublishOptions = OptionsOf<typeof publishFlags>

export const publishCommand = keys('publish [domains...]', {
  summary: 'publish domains to a server of your own',
  about:
    'Publish domains to a target beside those that it serves: origin, redirect, HSTS, TLS policy and a certificate of the authority that the domain has its own from. The key is made at the server and never leaves it, or comes with --upload: the files go into the vault and to the servers, and another server needs them again. The server tests the configuration before it reads it, the result is proven by handshakes and requests from outside, and what fails is rolled back. Without domains: what the target serves already, again. Ctrl-C cancels. To compare a target with what was published: edgekeep target check.',
  flags: publishFlags,
  examples: [
    'publish shop.test --to web --dry-run',
    'publish shop.test api.shop.test --to web',
    'publish --to web --withdraw api.shop.test',
    'publish shop.test --to web --renew',
    'publish shop.test --to web --upload fullchain.pem privkey.pem',
  ],
  run: publish,
})

async function publish(session: Session, domains: string[], options: PublishOptions): Promise<Result> {
  const { client } = session
  const { to: target, withdraw = [], dryRun = false, renew } = options
  requireUpload(options)
  if (options.upload && domains.length === 0) throw usageError('Name the domains that --upload is for.')
  const { domains: served } = (await client.targets.show({ target })).target
  if (domains.length === 0 && withdraw.length === 0 && served.length === 0)
    throw usageError(`${target} serves nothing yet. Name the domains to publish.`)
  if (renew !== undefined && !dryRun) await client.targets.setRenewal({ target, on: renew })
  const servers = await publishWith(session, { target, domains, withdraw, dryRun }, options)
  const failed = servers.filter(({ state }) => state !== 'planned' && !publishedStates.has(state))
  return {
    data: { target, servers },
    text: formatReports(servers),
    no:
      failed.length > 0
        ? new EdgekeepError('publish.failed', { servers: failed.map(({ server }) => server) })
        : undefined,
  }
}

/** An upload ends with the command, whether it was published or not. */
async function publishWith(
  session: Session,
  wanted: PublishInput,
  options: PublishOptions,
): Promise<ServerReport[]> {
  const { upload, keep = false } = options
  if (!upload) return followed(session, wanted)
  const { client } = session
  const { stagingId } = await stageFiles(client, upload, options, wanted.domains[0])
  try {
    return await followed(session, { ...wanted, upload: { stagingId, keep } })
  } finally {
    await client.staging.discard({ stagingId })
  }
}

/** Publishes with a line of progress, or with `--json` a line for each step. Ctrl-C cancels, once. */
async function followed({ client, global }: Session, input: PublishInput): Promise<ServerReport[]> {
  const progress = lateProgress()
  const cancel = () => {
    printError('\nCancelling: servers that have the new release get the former one again.')
    void client.targets.cancel({ target: input.target })
  }
  process.once('SIGINT', cancel)
  try {
    return await followPublication(await client.targets.publish(input), (event) => {
      if (event.type === 'running') progress.tell(formatRunning(event))
      else if (global.json) printLine(JSON.stringify(event))
    })
  } finally {
    process.off('SIGINT', cancel)
    progress.end()
  }
}

function formatRunning({ server, step, done, total }: Extract<PublishProgress, { type: 'running' }>): string {
  return `${server}: ${step}${total > 0 ? ` ${done} of ${total}` : ''}`
}
