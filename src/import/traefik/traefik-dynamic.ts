import { z } from 'zod'
import type { FoundAt } from '../setup/found.ts'
import type { NoteTaker } from '../setup/notes.ts'
import { type Parsed, type Transport, transportSchema } from './traefik-files.ts'

const tlsSchema = z.union([z.looseObject({ options: z.string().optional() }), z.literal(true)])
const routerSchema = z.looseObject({
  rule: z.string().max(10_000),
  entrypoints: z.array(z.string()).optional(),
  service: z.string(),
  middlewares: z.array(z.string()).default([]),
  tls: tlsSchema.nullish(),
})
export type Router = z.output<typeof routerSchema>

const serviceSchema = z.looseObject({
  loadbalancer: z
    .looseObject({
      servers: z.array(z.looseObject({ url: z.string() })).default([]),
      passhostheader: z.boolean().default(true),
      serverstransport: z.string().optional(),
    })
    .optional(),
  failover: z.looseObject({ service: z.string(), fallback: z.string() }).optional(),
  weighted: z.looseObject({ services: z.array(z.looseObject({ name: z.string() })) }).optional(),
  mirroring: z.looseObject({ service: z.string() }).optional(),
})
export type Service = z.output<typeof serviceSchema>

const optionsSchema = z.looseObject({
  minversion: z.string().optional(),
  clientauth: z.looseObject({ clientauthtype: z.string().optional() }).optional(),
})
export type TlsOptions = z.output<typeof optionsSchema>

const middlewareSchema = z.looseObject({})
export type Middleware = z.output<typeof middlewareSchema>

const fileSchema = z.looseObject({
  http: z
    .looseObject({
      routers: z.looseObject({}).default({}),
      services: z.looseObject({}).default({}),
      middlewares: z.looseObject({}).default({}),
      serverstransports: z.looseObject({}).default({}),
    })
    .nullish(),
  tcp: z.unknown().optional(),
  udp: z.unknown().optional(),
  tls: z
    .looseObject({
      certificates: z.array(z.looseObject({ certfile: z.string(), keyfile: z.string() })).default([]),
      options: z.looseObject({}).default({}),
    })
    .nullish(),
})

export interface Placed<T> {
  value: T
  at: FoundAt
}

/** Configuration of the file provider, of all of its files together. */
export interface Dynamic {
  routers: Map<string, Placed<Router>>
  services: Map<string, Placed<Service>>
  middlewares: Map<string, Placed<Middleware>>
  transports: Map<string, Placed<Transport>>
  options: Map<string, Placed<TlsOptions>>
  /** Paths, or PEM. */
  certificates: { at: FoundAt; certificate: string; key: string }[]
}

export function dynamicOf(all: Parsed[], notes: NoteTaker): Dynamic {
  const dynamic: Dynamic = {
    routers: new Map(),
    services: new Map(),
    middlewares: new Map(),
    transports: new Map(),
    options: new Map(),
    certificates: [],
  }
  for (const parsed of all) {
    const { file, value } = parsed
    // A file of comments alone is null.
    const found = fileSchema.safeParse(value ?? {})
    if (!found.success) {
      notes.left({ file }, 'file', 'It is not in the form of Traefik’s file provider.')
      continue
    }
    const { http, tls, tcp, udp } = found.data
    const into = <T>(section: string, schema: z.ZodType<T>, written: object, to: Map<string, Placed<T>>) => {
      for (const [name, each] of Object.entries<unknown>({ ...written })) {
        const at = parsed.placeOf(section, name)
        const checked = schema.safeParse(each ?? {})
        if (checked.success) to.set(name, { value: checked.data, at })
        else notes.left(at, name, `It is not in the form of Traefik’s ${section}.`)
      }
    }
    into('routers', routerSchema, http?.routers ?? {}, dynamic.routers)
    into('services', serviceSchema, http?.services ?? {}, dynamic.services)
    into('middlewares', middlewareSchema, http?.middlewares ?? {}, dynamic.middlewares)
    into('serverstransports', transportSchema, http?.serverstransports ?? {}, dynamic.transports)
    into('options', optionsSchema, tls?.options ?? {}, dynamic.options)
    for (const { certfile, keyfile } of tls?.certificates ?? [])
      dynamic.certificates.push({ at: { file }, certificate: certfile, key: keyfile })
    if (tcp !== undefined || udp !== undefined)
      notes.left(
        parsed.placeOf(tcp === undefined ? 'udp' : 'tcp', ''),
        tcp === undefined ? 'udp' : 'tcp',
        'Only HTTP is served here.',
      )
  }
  return dynamic
}

/** `api@file` and `api` are the same; other providers are not read. */
export function ownName(reference: string): string {
  return reference.toLowerCase().replace(/@file$/, '')
}
