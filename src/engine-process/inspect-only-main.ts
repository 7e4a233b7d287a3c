import '../platform/tls/peer-certificates.ts'
import { portFrames } from '../client/port-frames.ts'
import { EdgekeepError, isErrorCode, type ErrorCode, type ErrorData } from '../contract/errors/registry.ts'
import { pipePort } from './pipe-port.ts'

/*
 * Process that only inspects files: no vault, no home, no edge. The desktop app starts one on the pinned Node
 * for each page while no engine can start. Its first argument is the reason: `{code, data}`.
 */

const [{ inspectOnlyContext, inspectOnlyRouter }, { openErrorLog }, { RPCHandler }] = await Promise.all([
  import('../engine/inspect-only.ts'),
  import('../engine/core/log.ts'),
  import('@orpc/server/websocket'),
])
const frames = portFrames(pipePort(process.stdin, process.stdout))
new RPCHandler(inspectOnlyRouter(reasonFrom(process.argv[2] ?? '{}'))).upgrade(frames, {
  context: inspectOnlyContext(openErrorLog('inspector')),
})
frames.addEventListener('close', () => process.exit(0))

function reasonFrom(json: string): EdgekeepError {
  const { code, data } = JSON.parse(json) as { code: string; data: ErrorData<ErrorCode> }
  return isErrorCode(code) ? new EdgekeepError(code, data) : new EdgekeepError('engine.failed', {})
}
