import { z } from 'zod'

/** Parts of Caddy's JSON that are read; other members are ignored, and unknown handlers and matchers noted. */
const headerOps = z.object({
  set: z.looseObject({}).optional(),
  add: z.looseObject({}).optional(),
  delete: z.array(z.string()).optional(),
})
export type HeaderOps = z.infer<typeof headerOps>

const derInBase64 = z.array(z.base64()).optional()

export const handlerSchema = z.object({
  handler: z.string(),
  routes: z.array(z.unknown()).optional(),
  root: z.string().optional(),
  upstreams: z.array(z.object({ dial: z.string().optional() })).optional(),
  transport: z
    .object({
      protocol: z.string().optional(),
      tls: z
        .object({
          insecure_skip_verify: z.boolean().optional(),
          server_name: z.string().optional(),
          /** Other providers have neither of these. */
          ca: z
            .object({ trusted_ca_certs: derInBase64, pem_files: z.array(z.string()).optional() })
            .optional(),
          root_ca_pool: derInBase64,
          root_ca_pem_files: z.array(z.string()).optional(),
        })
        .optional(),
    })
    .optional(),
  /** Header operations of a proxy, or fields of a response. */
  headers: z.unknown().optional(),
  request: headerOps.optional(),
  response: headerOps.optional(),
  handle_response: z.unknown().optional(),
  strip_path_prefix: z.string().optional(),
  uri: z.string().optional(),
  status_code: z.union([z.number(), z.string()]).optional(),
  max_size: z.number().optional(),
  abort: z.boolean().optional(),
})
export type Handler = z.infer<typeof handlerSchema>

export const proxyHeadersSchema = z.object({ request: headerOps.optional(), response: headerOps.optional() })
export const fieldValuesSchema = z.array(z.string())
export const locationSchema = z.object({ Location: z.array(z.string()).min(1) })

export const routeSchema = z.object({
  match: z
    .array(z.looseObject({ host: z.array(z.string()).optional(), path: z.array(z.string()).optional() }))
    .optional(),
  handle: z.array(handlerSchema).default([]),
})
export type Route = z.infer<typeof routeSchema>

export const serverSchema = z.object({
  listen: z.array(z.string()).default([]),
  routes: z.array(routeSchema).default([]),
  automatic_https: z
    .object({ disable: z.boolean().optional(), disable_redirects: z.boolean().optional() })
    .optional(),
  tls_connection_policies: z
    .array(
      z.object({
        /** Absent: all names. */
        match: z.looseObject({ sni: z.array(z.string()).optional() }).optional(),
        protocol_min: z.string().optional(),
        client_authentication: z.unknown().optional(),
      }),
    )
    .optional(),
})
export type Server = z.infer<typeof serverSchema>

export const caddySchema = z.object({
  apps: z
    .object({
      http: z
        .object({
          http_port: z.number().optional(),
          https_port: z.number().optional(),
          servers: z.looseObject({}).default({}),
        })
        .optional(),
      tls: z
        .object({
          certificates: z
            .object({
              load_files: z.array(z.object({ certificate: z.string(), key: z.string() })).optional(),
            })
            .optional(),
        })
        .optional(),
    })
    .default({}),
})
