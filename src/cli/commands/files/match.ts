import { answer } from '../../frame/declare.ts'
import { wipedTogether } from '../../../domain/secret-bytes.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { readArgument } from '../../input/files.ts'
import { openingProgress } from '../../output/progress.ts'
import type { Result } from '../../frame/command.ts'
import {
  givenPassphrase,
  type PassphraseOptions,
  passwordFlag,
  passwordStdinFlag,
} from '../../input/passphrase.ts'

export const matchCommand = answer('match <certificate> <key>', {
  summary: 'check whether a key belongs to a certificate, offline',
  about:
    'Check whether a private key belongs to a certificate, by comparing public keys. The files may come in either order. Offline.',
  flags: { ...passwordFlag, ...passwordStdinFlag },
  examples: ['match shop.crt shop.key'],
  run: (_global, certificate: string, key: string, options: PassphraseOptions) =>
    match(certificate, key, options),
})

async function match(firstPath: string, secondPath: string, options: PassphraseOptions): Promise<Result> {
  const [{ matchFiles }, { withKeyWork }, { expandFiles }] = await Promise.all([
    import('../../../pki/intake/match.ts'),
    import('../../../pki/formats/key-work.ts'),
    import('../../../pki/expansion/expand-files.ts'),
  ])
  const passphrase = givenPassphrase(options)
  const files = [firstPath, secondPath].map((path, index) => ({
    ...readArgument(path),
    isFirst: index === 0,
  }))
  using _bytes = wipedTogether(files.map(({ bytes }) => bytes))
  const expanded = await expandFiles(files)
  using _entries = wipedTogether(expanded.map(({ bytes }) => bytes))
  const first = expanded.filter(({ isFirst }) => isFirst)
  const second = expanded.filter(({ isFirst }) => !isFirst)
  const { matches, certificateSpkiSha256, keySpkiSha256 } = await withKeyWork(openingProgress(), (budget) =>
    matchFiles(first, second, passphrase, budget),
  )
  const data = { match: matches, certificateSpkiSha256, keySpkiSha256 }
  if (matches) return { data, text: `They match (public key SHA-256 ${keySpkiSha256}).` }
  const no = new NoMatch({ certificateSpkiSha256, keySpkiSha256 })
  return { data, text: no.message, no }
}

/** A mismatch is a negative result here, not wrong input. */
class NoMatch extends EdgekeepError<'key.mismatch'> {
  constructor(data: { certificateSpkiSha256: string; keySpkiSha256: string }) {
    super('key.mismatch', data)
  }
  override get kind() {
    return 'state' as const
  }
}
