import { Argument } from 'commander'
import { type OptionsOf, answer, group, keys } from '../../frame/declare.ts'
import { protectorSchema, type ProtectionStatus } from '../../../contract/custody/custody.ts'
import type { Session, Result } from '../../frame/command.ts'
import { factLines, warningLines } from '../../output/format.ts'
import { passwordStdinInstead } from '../../input/passphrase.ts'
import { withEngine } from '../../session.ts'
import { newVaultPassphrase, vaultPassphrase } from '../../input/vault-passphrase.ts'
import { proving } from '../../input/vault-proof.ts'
import { lockingCommand } from './locking.ts'
import { recoveryKeyCommand } from './recovery-key.ts'

type Protector = ProtectionStatus['protector']

type PassphraseInput = OptionsOf<ReturnType<typeof passwordStdinInstead>>

export const vaultCommands = group('vault', 'how the vault keeps its keys', [
  keys('rotate', {
    summary: 'encrypt every key again with a new data key',
    about:
      'Encrypt every key again with a new data key. An older copy of the vault cannot open anything stored from now on.',
    flags: passwordStdinInstead(),
    examples: ['vault rotate'],
    run: rotate,
  }),
  answer('protect', {
    args: [new Argument('[with]', 'what protects the vault’s data key').choices(protectorSchema.options)],
    summary: 'show or change the vault’s protection, or change its passphrase',
    about:
      'Change how the vault’s key is protected, or its passphrase, and encrypt every key again. The current passphrase is asked for first; --vault-password-stdin reads it from standard input. A new passphrase is asked for twice and needs 8 characters or more. Without an argument: show the current protection, and what this computer supports.',
    flags: passwordStdinInstead('the new passphrase'),
    examples: ['vault protect', 'vault protect passphrase'],
    run: (global, protector: Protector | undefined, options: PassphraseInput) =>
      protector === undefined
        ? withEngine(global, showProtection, 'facts')
        : withEngine(global, (session) => protect(session, protector, options)),
  }),
  lockingCommand,
  recoveryKeyCommand,
])

async function rotate(session: Session, options: PassphraseInput): Promise<Result> {
  const { client } = session
  const passphrase = await currentPassphrase(session, options)
  const rotation = await client.vault.rotate({ passphrase })
  return { data: { ...rotation }, text: changed('Every key is sealed anew.', rotation.protection) }
}

/** The vault's passphrase, from which the new wrapping key is derived; undefined with another protector. */
async function currentPassphrase(
  { client, passphrase }: Session,
  { passwordStdin }: PassphraseInput,
): Promise<string | undefined> {
  const { protection } = await client.engine.status()
  if (protection.protector !== 'passphrase' || protection.locked) return undefined
  return passphrase ?? vaultPassphrase(passwordStdin)
}

async function showProtection({ client }: Session): Promise<Result> {
  const [{ protection }, protectors] = await Promise.all([client.engine.status(), client.vault.protectors()])
  const text = factLines([
    ['Protected by', `${protection.protector}. ${protection.reason}`],
    ...protection.warnings.map((warning): [string, string] => ['Warning', warning]),
    ...protectors.map(({ protector, whyNot }): [string, string | undefined] => [
      protector,
      protector === protection.protector ? undefined : (whyNot ?? 'possible here'),
    ]),
  ])
  return { data: { protection, protectors }, text }
}

async function protect(
  session: Session,
  protector: Protector,
  { passwordStdin }: PassphraseInput,
): Promise<Result> {
  const wanted =
    protector === 'passphrase'
      ? { protector, passphrase: await newVaultPassphrase(passwordStdin) }
      : { protector }
  const rotation = await proving(session, (proof) => session.client.vault.protect({ ...wanted, proof }))
  return { data: { ...rotation }, text: changed(rotation.protection.reason, rotation.protection) }
}

/** The change is in effect, even if the cleanup failed. */
function changed(what: string, { warnings }: ProtectionStatus): string {
  if (warnings.length === 0) return `${what} The old key is removed.`
  return [what, ...warningLines(warnings)].join('\n')
}
