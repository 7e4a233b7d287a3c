import { type OptionsOf, facts, group, keys } from '../../frame/declare.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { TrustAction } from '../../../contract/trust/trust.ts'
import type { Session, Result } from '../../frame/command.ts'
import { dryRunFlag, yesFlag } from '../../flags/confirmation.ts'
import { table } from '../../output/format.ts'
import { changeComputer } from '../../changes/carry-out.ts'
import { sentences as shared } from '../../../contract/text/sentences.ts'

const examples = `
Examples:
  $ edgekeep ports            which program has ports 443 and 80
  $ edgekeep ports install    moves the edge to 443 and 80, so that addresses need no port number
  $ edgekeep ports undo       moves it back
  $ edgekeep ports retry      takes its ports again, after another program had them

Exit status: 0 the edge has both, 1 not.`

const changeFlags = { ...yesFlag, ...dryRunFlag }
type ChangeOptions = OptionsOf<typeof changeFlags>

export const portsCommands = group(
  'ports',
  'ports 443 and 80, for addresses without a port number',
  [
    facts('status', {
      isDefault: true,
      about: 'Show which program has ports 443 and 80, and whether the edge could use them.',
      examples: ['ports status'],
      run: status,
    }),
    facts('retry', {
      summary: 'move the edge back to its ports',
      about: 'Move the edge to the ports it should have, once the program that had them has ended.',
      examples: ['ports retry'],
      run: retry,
    }),
    keys('install', {
      summary: 'move the edge to ports 443 and 80',
      about:
        'Move the edge to ports 443 and 80, now and for every start. On Linux this first allows users to listen there, by a script that is shown and needs an administrator.',
      flags: changeFlags,
      examples: ['ports install --dry-run'],
      run: (session, options: ChangeOptions) => change(session, 'install', options),
    }),
    keys('undo', {
      summary: 'move the edge back, and restore the system’s setting',
      about: 'Move the edge back to its earlier ports, and reserve low ports for the administrator again.',
      flags: changeFlags,
      examples: ['ports undo --dry-run'],
      run: (session, options: ChangeOptions) => change(session, 'undo', options),
    }),
  ],
  examples,
)

async function status({ client, engineRuns }: Session): Promise<Result> {
  const { ports } = await client.ports.status()
  const lacking = ports.filter(({ state }) => state !== 'here')
  const rows = ports.map(({ protocol, port, state, edge, sentence }) => [
    protocol.toUpperCase(),
    String(port),
    state,
    `${sentence}${edge !== null && edge !== port ? ` The edge listens on ${edge}.` : ''}`,
  ])
  const todo = lacking.some(({ state }) => state === 'free' || state === 'forbidden')
  return {
    data: { ports },
    text: [
      table(['SCHEME', 'PORT', 'STATE', 'USED BY'], rows),
      ...(engineRuns ? [] : ['', 'The edge does not run.']),
      ...(todo ? ['', 'To move the edge there: edgekeep ports install'] : []),
    ].join('\n'),
    no:
      lacking.length > 0
        ? new EdgekeepError('ports.not_standard', { sentences: lacking.map(({ sentence }) => sentence) })
        : undefined,
  }
}

async function retry({ client }: Session): Promise<Result> {
  const ports = await client.ports.retry()
  return {
    data: ports,
    text: `The edge listens on port ${ports.https} for HTTPS and ${ports.http} for HTTP.`,
  }
}

function change({ client, global }: Session, action: TrustAction, options: ChangeOptions): Promise<Result> {
  return changeComputer(client, global, {
    ...options,
    selection: { action, parts: ['ports'] },
    question: `${action === 'install' ? 'Move the edge there' : 'Move it back'}?`,
    nothing: action === 'install' ? 'The edge is there already.' : shared.nothingToUndo,
  })
}
