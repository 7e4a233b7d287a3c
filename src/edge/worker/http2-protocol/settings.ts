import { bounds } from './bounds.ts'
import { ConnectionError, errorCodes, largestWindow } from './codes.ts'

/** RFC 9113, section 6.5.2; RFC 8441, section 3; RFC 9218, section 2.1. */
export const settingIds = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
  enableConnectProtocol: 8,
  noRfc7540Priorities: 9,
} as const

const settingBytes = 6
const largestFrame = 2 ** 24 - 1

/** Reads SETTINGS in their order. @throws ConnectionError for a value that is not allowed */
export function readSettings(
  bytes: Buffer,
  from: number,
  end: number,
  apply: (id: number, value: number) => void,
): void {
  if ((end - from) % settingBytes !== 0)
    throw new ConnectionError(errorCodes.frameSize, 'SETTINGS have another length')
  if (end - from > settingBytes * bounds.settings)
    throw new ConnectionError(errorCodes.calm, 'SETTINGS are too many')
  for (let at = from; at < end; at += settingBytes) {
    const id = bytes.readUInt16BE(at)
    const value = bytes.readUInt32BE(at + 2)
    judge(id, value)
    apply(id, value)
  }
}

function judge(id: number, value: number): void {
  if (id === settingIds.initialWindowSize && value > largestWindow)
    throw new ConnectionError(errorCodes.flowControl, 'A window is too large')
  if (id === settingIds.maxFrameSize && (value < 16_384 || value > largestFrame))
    throw new ConnectionError(errorCodes.protocol, 'A frame size is not allowed')
  const isSwitch =
    id === settingIds.enablePush ||
    id === settingIds.enableConnectProtocol ||
    id === settingIds.noRfc7540Priorities
  if (isSwitch && value > 1) throw new ConnectionError(errorCodes.protocol, 'A setting is neither 0 nor 1')
}
