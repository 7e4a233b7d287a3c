import type { IncludeLine } from '../../../contract/targets/targets.ts'
import type { ServerSetup } from '../site/server-setup.ts'
import type { Site } from '../site/site.ts'

/** Differences of one kind of server; arguments are of its program. */
export interface Kind {
  title: string
  /** Names of its program, the first that is installed; none for a server that is only given files. */
  programs: string[]
  /** Name of the configuration file of a release. */
  file: string
  /** Mode of a private key, which the server reads as root or as its own user; null: keys are made elsewhere. */
  keyMode: number | null
  include(setup: ServerSetup): IncludeLine
  /**
   * Evidence that the main configuration reads Edgekeep's folder: the output of its program for these arguments,
   * this text in the file, or none.
   */
  reads(setup: ServerSetup): string[] | { text: string } | null
  /** Null for a server without a test of its own. */
  test(setup: ServerSetup): string[] | null
  /** Null for files that a person applies. */
  reload(setup: ServerSetup): Reload | null
  /** Configuration of all sites, without a line break at its end. */
  render(sites: readonly Site[], setup: ServerSetup): string
  /** Further files of a release, by path in it. */
  files?(sites: readonly Site[], setup: ServerSetup): Map<string, string>
  /** Renders `answersFor` of a site. */
  answersHttp01?: true
  /** Reason why it cannot serve a site as meant, as the end of a sentence. */
  refusal?(site: Site): string | null
  /** Sentence on what was not seen of it. */
  caution?(setup: ServerSetup): string
}

export type Reload =
  | { args: string[] }
  /** Another program than that of the server. */
  | { command: string[] }
  /** Line for a Unix socket, with the answer that means success. */
  | { socket: string; line: string; success: RegExp }
  /** Link in a folder that the server watches, to be replaced by itself. */
  | { link: string; to: string }
