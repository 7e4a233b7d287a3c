import type { Run } from '../../../contract/develop/runs.ts'
import { devServerHint } from '../../../domain/dev-servers.ts'
import { printError, printLine } from '../../output/output.ts'
import type { Service } from './run-plan.ts'

interface Reader {
  /** A program reads events, a person sentences. */
  json: boolean
}

/** Development servers accept every name below `localhost` by themselves. */
export function isUnknown(name: string): boolean {
  return name !== 'localhost' && !name.endsWith('.localhost')
}

/** Lines that the server's configuration needs before it accepts the name, or what a page sends. */
export function adviceLines({ framework, folder }: Service, domain: string): string[] {
  const hint = framework?.kind && isUnknown(domain) ? devServerHint(framework.kind, domain) : null
  const name = `${framework?.name} refuses ${domain} until ${hint?.file} has: ${hint?.lines} See ${hint?.source}`
  return [...(hint && !hint.isCuredByHost ? [name] : []), ...(framework?.csrfAdvice?.(folder) ?? [])]
}

/** Reports the later addresses of a run. */
export function movedMessage(reader: Reader): (run: Run) => void {
  return ({ service, address }) =>
    emit(
      reader,
      { type: 'moved', service, address },
      `the edge moved to other ports; ${service} is now at ${address}`,
    )
}

/** Events are for `--json`, one line each; a person reads the sentence beside the server's own output. */
export function emit({ json }: Reader, event: object, sentence: string): void {
  if (json) printLine(JSON.stringify(event))
  else printError(`edgekeep: ${sentence}`)
}
