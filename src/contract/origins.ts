import { z } from 'zod'

export const portSchema = z.number().int().min(1).max(65535)

export const originProtocolSchema = z.enum(['follow', 'http', 'https', 'h2c'])

const serverOriginSchema = z.strictObject({
  /**
   * `follow`: HTTP requests go to `httpPort`, HTTPS requests to `httpsPort` over TLS. `h2c`: HTTP/2
   * without TLS, known beforehand (RFC 9113, section 3.3), at `httpPort`.
   */
  protocol: originProtocolSchema,
  /** Host name or IP address, IPv6 without brackets. */
  host: z.string().min(1).max(255),
  httpPort: portSchema,
  httpsPort: portSchema,
  /** Host header sent to the origin; null passes on the client's. */
  hostHeader: z.string().max(255).nullable(),
  /** Name in the TLS handshake with the origin; null takes the Host header's name. */
  sni: z.string().max(255).nullable(),
  /** Whether the origin's certificate must verify (public roots, system roots, local authority). */
  verify: z.boolean(),
  /** PEM; where there are any, only these are trusted to vouch for the origin's certificate. */
  anchorsPem: z
    .string()
    .max(256 * 1024)
    .nullable()
    .default(null),
  /** Over TLS: HTTP/2 where the origin offers it, HTTP/1.1 where not. */
  http2: z.boolean().default(false),
})
export type ServerOrigin = z.infer<typeof serverOriginSchema>

/** Files of this computer, served by the edge itself. */
const folderOriginSchema = z.strictObject({
  protocol: z.literal('folder'),
  /** Absolute path. */
  folder: z.string().min(1).max(4096),
  /** Whether names that begin with a dot are served; `.well-known` always is. */
  dotFiles: z.boolean().default(false),
})
export type FolderOrigin = z.infer<typeof folderOriginSchema>

export const originSchema = z.discriminatedUnion('protocol', [serverOriginSchema, folderOriginSchema])
export type Origin = z.infer<typeof originSchema>

/** What an origin is beyond its address until somebody says otherwise. */
export const originDefaults = {
  hostHeader: null,
  sni: null,
  verify: true,
  anchorsPem: null,
  http2: false,
} satisfies Partial<ServerOrigin>

export const folderOriginDefaults = { dotFiles: false } satisfies Partial<FolderOrigin>

/** Segments of a path, as they stand in a request: `/api`, `/a/b`. */
const routePathSchema = z
  .string()
  .max(1024)
  .regex(
    /^(?:\/[!"$-.0->@-~]+)+$/,
    'a path is like /api: it begins with "/", does not end with it and has no "?"',
  )

const pathRouteSchema = z.strictObject({
  path: routePathSchema,
  origin: originSchema,
  /** The origin is asked without the path: `/api/users` as `/users`. */
  stripPath: z.boolean().default(false),
})
export type PathRoute = z.infer<typeof pathRouteSchema>

/** Where a domain's requests go besides its origin. */
export const originsPolicySchema = z.strictObject({
  /** Tried in this order while the origin is out. */
  backups: z.array(originSchema).max(8).default([]),
  /** Requests below a path that go elsewhere; the longest path counts. */
  routes: z
    .array(pathRouteSchema)
    .max(64)
    .refine(
      (routes) => new Set(routes.map(({ path }) => path)).size === routes.length,
      'a path is given twice',
    )
    .default([]),
})
export type OriginsPolicy = z.infer<typeof originsPolicySchema>

const seconds = (most: number) => z.number().int().min(1).max(most)

const healthCheckSchema = z.strictObject({
  path: z
    .string()
    .max(1024)
    .regex(/^\/[!"$-~]*$/, 'a path begins with "/"'),
  everySeconds: seconds(3600).default(10),
  timeoutSeconds: seconds(60).default(3),
  /** Consecutive successes before it counts as up again, and failures before it counts as down. */
  upAfter: z.number().int().min(1).max(10).default(2),
  downAfter: z.number().int().min(1).max(10).default(3),
  /** Statuses that are good. */
  statusFrom: z.number().int().min(100).max(599).default(200),
  statusTo: z.number().int().min(100).max(599).default(399),
})

/** When an origin counts as out, so that the next one is asked. */
export const healthPolicySchema = z.strictObject({
  /** So many failures in a row; 0 never. It is asked again after a time that grows with each time. */
  ejectAfter: z.number().int().min(0).max(100).default(3),
  /** Asked by the edge itself, whether anybody comes or not; null does not ask. */
  check: healthCheckSchema.nullable().default(null),
})
export type HealthPolicy = z.infer<typeof healthPolicySchema>
export type HealthCheckPolicy = z.infer<typeof healthCheckSchema>

/** The health check that a domain begins with. */
export const defaultHealthCheck: HealthCheckPolicy = healthCheckSchema.parse({ path: '/' })

const bytesPerSecond = z.number().int().min(0).max(1_000_000)

/** How long an origin may take, and how slow a client may be; null is the edge's own measure. */
export const timeoutsPolicySchema = z.strictObject({
  /** To accept a connection: 10 seconds. */
  connectSeconds: seconds(300).nullable().default(null),
  /** From the end of a request to the head of its response: 120 seconds. */
  responseSeconds: seconds(3600).nullable().default(null),
  /** To go on with a response (10 minutes) or with a websocket (1 hour). */
  idleSeconds: seconds(86_400).nullable().default(null),
  /** Bytes a second, on average, that a client must send of a request's body while they are wanted: 240. 0 for any. */
  minRequestRate: bytesPerSecond.nullable().default(null),
  /** The same for taking a response: 240. */
  minResponseRate: bytesPerSecond.nullable().default(null),
})
export type TimeoutsPolicy = z.infer<typeof timeoutsPolicySchema>

/** One of several origins of a domain, as the edge sees it now. */
export const originStateSchema = z.object({
  /** As a person writes it. */
  address: z.string(),
  role: z.enum(['primary', 'backup']),
  /** `ejected`: it failed in a row, and is left alone until `until`. `down`: its check says so. */
  state: z.enum(['up', 'ejected', 'down']),
  /** Why it is out. */
  reason: z.string().nullable(),
  since: z.iso.datetime(),
  until: z.iso.datetime().nullable(),
})
export type OriginState = z.infer<typeof originStateSchema>
