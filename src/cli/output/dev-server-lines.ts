import { readableName } from '../../contract/text/readable-name.ts'
import type { FindingKind } from '../../contract/findings/findings.ts'
import { curingHost, devServerHint } from '../../domain/dev-servers.ts'

/** Remedies for a development server that refuses the domain's name, a line each; none for other kinds. */
export function devServerLines(kind: FindingKind | undefined, domain: string): string[] {
  const hint = kind && devServerHint(kind, domain)
  if (!hint) return []
  const command = `  edgekeep domain set ${readableName(domain)} --host-header ${curingHost}`
  return [...(hint.isCuredByHost ? [command] : []), `  ${hint.file}: ${hint.lines}`, `  See ${hint.source}`]
}
