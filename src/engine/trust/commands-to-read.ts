import { fingerprintToCome } from '../../contract/trust.ts'
import { thumbprintOf, type TrustedRoot } from './stores/roots.ts'

/**
 * The commands for a root that is in memory alone, as they are shown before one is made: a certificate that nobody
 * will ever have stands in them as a word. Without its PEM lines it is a text that every store passes over.
 */
export function commandsToRead(commands: string, { pem, fingerprint }: TrustedRoot): string {
  const lines = pem.replaceAll(/-----[^-]+-----/g, '').trim()
  const certificate = '(the certificate of the local authority)'
  const words: [text: string, word: string][] = [
    [pem.trimEnd(), certificate],
    [lines, certificate],
    [lines.replaceAll(/\s/g, ''), certificate],
    ...[fingerprint, thumbprintOf(pem), fingerprint.slice(0, 16)].flatMap((hex): [string, string][] => [
      [hex, fingerprintToCome],
      [hex.toUpperCase(), fingerprintToCome],
    ]),
  ]
  return words.reduce((text, [found, word]) => text.replaceAll(found, word), commands)
}
