import type { RevocationService } from '../../contract/local-authority/local-certificates.ts'
import type { AcmeServerState } from '../../contract/acme/acme-server.ts'
import type { Core } from '../core/core.ts'
import type { SettingsNeeds } from '../settings/needs.ts'
import type { PortListener } from '../core/port-listener.ts'
import type { ConnectEndpoint } from './connect-endpoint.ts'
import type { DnsResponder } from './dns-responder.ts'
import type { SiteBrowsers } from './site-browsers.ts'

/** PAC file on disk, for browsers that read one. */
export interface PacFile {
  /** `file:` URL; null without a fixed proxy port or while this engine does not serve. */
  url(): string | null
  /** Writes the current file, or removes it without a fixed proxy port. */
  write(): void
  close(): void
}

export interface ProxyNeeds extends Core {
  proxy: PortListener<ConnectEndpoint>
}

export interface DnsNeeds extends Core {
  /** The DNS responder for whole suffixes. */
  dns: PortListener<DnsResponder>
}

export interface PortWatchNeeds extends ProxyNeeds, DnsNeeds {
  acmeServer: { state(): AcmeServerState; followSettings(): Promise<void> }
  publication: { state(): RevocationService; followSetting(): Promise<void> }
}

export interface NamesNeeds extends PortWatchNeeds, SettingsNeeds {
  /** Null where this engine does not serve. */
  pacFile: PacFile | null
  siteBrowsers: SiteBrowsers
}
