import { z } from 'zod'
import { portSchema } from '../shared/port.ts'

export const originProtocolSchema = z.enum(['follow', 'http', 'https', 'h2c'])

const serverOriginSchema = z.strictObject({
  /**
   * `follow`: HTTP requests go to `httpPort`, HTTPS requests to `httpsPort` over TLS. `h2c`: HTTP/2
   * without TLS, known beforehand (RFC 9113, section 3.3), at `httpPort`.
   */
  protocol: originProtocolSchema,
  /** Host name or IP address; IPv6 without brackets. */
  host: z.string().min(1).max(255),
  httpPort: portSchema,
  httpsPort: portSchema,
  /** Host header sent to the origin; null passes on the client's. */
  hostHeader: z.string().max(255).nullable(),
  /** Name in the TLS handshake with the origin; null takes the Host header's name. */
  sni: z.string().max(255).nullable(),
  /** Whether the origin's certificate must verify (public roots, system roots, local authority). */
  verify: z.boolean(),
  /** PEM trust anchors for the origin's certificate; replace the default ones. */
  anchorsPem: z
    .string()
    .max(256 * 1024)
    .nullable()
    .default(null),
  /** Over TLS: HTTP/2 if the origin offers it, else HTTP/1.1. */
  http2: z.boolean().default(false),
})
export type ServerOrigin = z.infer<typeof serverOriginSchema>

/** Files on this computer, served by the edge itself. */
const folderOriginSchema = z.strictObject({
  protocol: z.literal('folder'),
  /** Absolute path. */
  folder: z.string().min(1).max(4096),
  /** Real folder that it must not leave by a link; set when it is chosen, by default to its real path then. */
  boundary: z.string().min(1).max(4096).optional(),
  /** Serves names that begin with a dot; `.well-known` always is. */
  dotFiles: z.boolean().default(false),
})
export type FolderOrigin = z.infer<typeof folderOriginSchema>

export const originSchema = z.discriminatedUnion('protocol', [serverOriginSchema, folderOriginSchema])
export type Origin = z.infer<typeof originSchema>

/** Defaults of an origin, apart from its address. */
export const originDefaults = {
  hostHeader: null,
  sni: null,
  verify: true,
  anchorsPem: null,
  http2: false,
} satisfies Partial<ServerOrigin>

export const folderOriginDefaults = { dotFiles: false } satisfies Partial<FolderOrigin>

/** Path segments as in a request: `/api`, `/a/b`. */
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
  /** Removes the path from requests to the origin: `/api/users` becomes `/users`. */
  stripPath: z.boolean().default(false),
})
export type PathRoute = z.infer<typeof pathRouteSchema>

export const originsPolicySchema = z.strictObject({
  /** Order of attempts while the primary origin is out. */
  backups: z.array(originSchema).max(8).default([]),
  /** Requests below a path with an origin of its own; the longest path wins. */
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
  /** Consecutive successes before it is up again, and failures before it is down. */
  upAfter: z.number().int().min(1).max(10).default(2),
  downAfter: z.number().int().min(1).max(10).default(3),
  /** Statuses that count as success. */
  statusFrom: z.number().int().min(100).max(599).default(200),
  statusTo: z.number().int().min(100).max(599).default(399),
})

/** Conditions under which an origin is out and the next one is used. */
export const healthPolicySchema = z.strictObject({
  /** Consecutive failures before it is ejected; 0: never. Retried with a growing backoff. */
  ejectAfter: z.number().int().min(0).max(100).default(3),
  /** Active check by the edge, with or without traffic; null: off. */
  check: healthCheckSchema.nullable().default(null),
})
export type HealthPolicy = z.infer<typeof healthPolicySchema>
export type HealthCheckPolicy = z.infer<typeof healthCheckSchema>

/** Health check of a new domain. */
export const defaultHealthCheck: HealthCheckPolicy = healthCheckSchema.parse({ path: '/' })

const bytesPerSecond = z.number().int().min(0).max(1_000_000)

/** Timeouts for an origin and for slow clients; null: the edge's default. */
export const timeoutsPolicySchema = z.strictObject({
  /** Connection timeout; default 10 seconds. */
  connectSeconds: seconds(300).nullable().default(null),
  /** Timeout from the end of a request to the head of its response; default 120 seconds. */
  responseSeconds: seconds(3600).nullable().default(null),
  /** Idle timeout of a response (default 10 minutes) or a websocket (default 1 hour). */
  idleSeconds: seconds(86_400).nullable().default(null),
  /** Minimum rate of a request's body, bytes per second on average while it is read; default 240. 0: none. */
  minRequestRate: bytesPerSecond.nullable().default(null),
  /** Minimum rate of reading a response; default 240. */
  minResponseRate: bytesPerSecond.nullable().default(null),
})
export type TimeoutsPolicy = z.infer<typeof timeoutsPolicySchema>

/** State of an origin, as the edge sees it now. */
export const originStateSchema = z.object({
  /** URL as entered. */
  address: z.string(),
  role: z.enum(['primary', 'backup']),
  /** `ejected`: it failed repeatedly and is not used until `until`. `down`: by its health check, or for
   * an only origin by its last answer. */
  state: z.enum(['up', 'ejected', 'down']),
  /** Reason why it is out. */
  reason: z.string().nullable(),
  since: z.iso.datetime(),
  until: z.iso.datetime().nullable(),
})
export type OriginState = z.infer<typeof originStateSchema>
