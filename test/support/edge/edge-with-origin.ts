import { afterAll, beforeAll, onTestFinished } from 'vitest'
import type { Route } from '../../../src/edge/protocol/snapshot.ts'
import { curlOf, type CurlAnswer } from './curl.ts'
import { routeTo, startTestEdge, type TestEdge } from './edge.ts'

interface Origin {
  port: number
  close(): unknown
}

/** Edge in this process with an origin of its own. */
export interface EdgeWithOrigin<O extends Origin> extends TestEdge {
  origin: O
  /** `curlOf` against this edge. */
  curl(url: string, ...args: string[]): Promise<CurlAnswer>
}

type Options = Parameters<typeof startTestEdge>[1] & {
  /** Default: `shop.test` over HTTP. */
  routes?: (port: number) => Route[] | Promise<Route[]>
}

/** Starts before the first test of a file or `describe` and closes after the last. */
export function edgeWithOrigin<O extends Origin>(
  open: () => O | Promise<O>,
  options?: Options,
): EdgeWithOrigin<O> {
  const edge = {} as EdgeWithOrigin<O>
  beforeAll(() => start(edge, open, options))
  afterAll(() => edge.close())
  return edge
}

/** Starts for one test and closes when it ends. */
export async function startEdgeWithOrigin<O extends Origin>(
  open: () => O | Promise<O>,
  options?: Options,
): Promise<EdgeWithOrigin<O>> {
  const edge = {} as EdgeWithOrigin<O>
  await start(edge, open, options)
  onTestFinished(() => edge.close())
  return edge
}

/** Starts the origin before it calls `routes`, which may use it. */
async function start<O extends Origin>(
  edge: EdgeWithOrigin<O>,
  open: () => O | Promise<O>,
  { routes = (port) => [routeTo(port)], ...options }: Options = {},
): Promise<void> {
  edge.origin = await open()
  const started = await startTestEdge(await routes(edge.origin.port), options)
  const { curl, remove } = curlOf(started)
  Object.assign(edge, started, { curl })
  edge.close = async () => {
    remove()
    await started.close()
    await edge.origin.close()
  }
}
