import { certificateBlocks } from '../../ui/certificate/certificate-blocks.ts'
import type { IntakeReport } from '../../../contract/certificate-facts.ts'

/**
 * The certificates of the servable bundle as clean PEM, from the engine's diff; null where nothing can
 * be served or the diff is cut. The private key is no part of that.
 */
export function cleanChain({ clean }: IntakeReport): string | null {
  if (!clean || clean.omitted > 0) return null
  const lines = clean.lines.filter(({ change }) => change === 'kept' || change === 'added')
  const text = lines.map(({ text: line }) => line).join('\n')
  const blocks = certificateBlocks(text)
  return blocks.length > 0 ? `${blocks.join('\n')}\n` : null
}
