import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { Actor } from './core.ts'

type Refusal =
  | 'acme.hook_from_window'
  | 'notice.command_from_window'
  | 'project.trust_from_command_line'
  | 'target.from_command_line'

/**
 * Refuses calls that choose programs to run or files to write, except from the command line: a compromised
 * window could make them.
 * @throws `refusal`
 */
export function requireCommandLine({ actor }: { actor: Actor }, refusal: Refusal): void {
  if (actor !== 'command line') throw new EdgekeepError(refusal, {})
}
