import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '../../../client/client.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { isTrusting } from '../../../domain/client-trust.ts'
import type { Home } from '../../../engine-process/home.ts'
import { Interruption } from '../../frame/command.ts'
import { printError } from '../../output/output.ts'
import { emit } from './run-messages.ts'

interface Place {
  home: Home
  /** A program reads events. */
  json: boolean
}

const isAtTerminal = ({ json }: Place) => !json && process.stdin.isTTY && process.stderr.isTTY

/** File in Edgekeep's home that a person was asked once. */
const markOf = ({ folder }: Home) => join(folder, 'trust-offered')

/**
 * Offers at a terminal to make browsers trust the addresses, before servers have it to themselves: once for each
 * home, since the answer may be no.
 * @throws `Interruption` after Ctrl-C
 */
export async function offerTrust(place: Place, client: Client): Promise<void> {
  const { home } = place
  if (!isAtTerminal(place) || existsSync(markOf(home)) || !(await lacksTrust(client))) return
  writeFileSync(markOf(home), '', { mode: 0o600 })
  printError('edgekeep: Your browsers do not trust the local authority yet.')
  const { changeTrust } = await import('../../changes/carry-out.ts')
  try {
    const { text } = await changeTrust(
      client,
      { home: home.folder },
      {
        action: 'install',
        question: 'Install it?',
        nothing: '',
      },
    )
    printError(text)
  } catch (error) {
    if (!(error instanceof EdgekeepError) || error instanceof Interruption) throw error
    printError(`edgekeep: ${error.message} You are not asked again: "edgekeep trust install" does it later.`)
  }
}

/** Names the command once the addresses can be opened, where nobody can be asked. */
export async function printTrust(place: Place, client: Client): Promise<void> {
  if (isAtTerminal(place) || !(await lacksTrust(client))) return
  const note = 'Your browsers do not trust the local authority yet: run "edgekeep trust install" once.'
  emit(place, { type: 'note', note }, note)
}

async function lacksTrust({ trust }: Client): Promise<boolean> {
  const atlas = await trust.status().catch(() => null)
  const browsers = atlas?.clients.filter(({ kind, optional }) => kind === 'browser' && !optional) ?? []
  return browsers.length > 0 && !browsers.some(({ trust: state }) => isTrusting(state))
}
