import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { AccessLog, AccessLogState } from '../../contract/traffic/traffic.ts'
import { commit } from '../core/commit.ts'
import type { TrafficNeeds } from './needs.ts'
import { accessLogOn } from '../core/settings.ts'
import { accessLogFile } from './access-log.ts'
import { replay } from './replay.ts'
import type { Look } from './traffic.ts'

export async function trafficArchive(
  { traffic }: TrafficNeeds,
  look: Look & { ids?: number[] | undefined },
): Promise<File> {
  return new File([await traffic.har(look)], 'edgekeep.har', { type: 'application/json' })
}

/** @throws `edge.not_running`, `traffic.gone`, `traffic.not_replayable`, `traffic.replay_failed` */
export async function replayExchange({ traffic, supervisor }: TrafficNeeds, id: number) {
  const exchange = traffic.exchange(id)
  const { https, http } = supervisor?.status() ?? {}
  if (!https || !http) throw new EdgekeepError('edge.not_running', {})
  return replay(exchange, { https: https.port, http: http.port })
}

export function accessLog({ vault, folder }: TrafficNeeds): AccessLogState {
  return { enabled: accessLogOn.read(vault), file: accessLogFile(folder) }
}

/** Turns the access log on or off; workers report for it from the next exchange on. */
export async function setAccessLog(parts: TrafficNeeds, wanted: AccessLog): Promise<AccessLogState> {
  const before = { enabled: accessLogOn.read(parts.vault) }
  await commit(parts, () => {
    accessLogOn.store(parts.vault, wanted.enabled)
    return { record: { action: 'traffic.access-log', subject: 'access log', before, after: wanted } }
  })
  void parts.traffic.observeAsWanted()
  return accessLog(parts)
}
