import type { Client } from '../../../client/client.ts'
import { packed } from '../../../contract/inspect/packed-files.ts'

export type InspectCalls = Omit<Client['inspect'], 'openings'>

type Options = [options?: { signal?: AbortSignal }]

/** Up to this number, files are sent one by one. */
const few = 30

/** Wraps `calls` to pack many files into one, because encoding them one by one blocks the window. */
export function packingCalls(calls: InspectCalls): InspectCalls {
  const packing =
    <I extends { files: File[] }, O>(call: (input: I, ...options: Options) => Promise<O>) =>
    (input: I, ...options: Options) =>
      call(input.files.length > few ? { ...input, files: [packed(input.files)] } : input, ...options)
  return {
    read: packing(calls.read),
    verify: packing(calls.verify),
    diagnose: packing(calls.diagnose),
    lint: packing(calls.lint),
    preflight: packing(calls.preflight),
    timeline: packing(calls.timeline),
    clean: packing(calls.clean),
    asn1: packing(calls.asn1),
    report: packing(calls.report),
    compare: calls.compare,
    remote: calls.remote,
  }
}
