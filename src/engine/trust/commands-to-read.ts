import { fingerprintToCome } from '../../contract/trust/trust.ts'
import { thumbprintOf, type TrustedRoot } from './stores/roots.ts'

/**
 * Commands of a dry run, with the draft certificate replaced by a placeholder. Without PEM markers it is text
 * that every store ignores.
 */
export function commandsToRead(commands: string, { pem, fingerprint }: TrustedRoot): string {
  const lines = pem.replaceAll(/-----[^-]+-----/g, '').trim()
  const certificate = '(the certificate of the local authority)'
  const replacements: [text: string, word: string][] = [
    [pem.trimEnd(), certificate],
    [lines, certificate],
    [lines.replaceAll(/\s/g, ''), certificate],
    ...[fingerprint, thumbprintOf(pem), fingerprint.slice(0, 16)].flatMap((hex): [string, string][] => [
      [hex, fingerprintToCome],
      [hex.toUpperCase(), fingerprintToCome],
    ]),
  ]
  return replacements.reduce((text, [found, word]) => text.replaceAll(found, word), commands)
}
