import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { timeSchema } from './certificate-facts.ts'
import { hexSchema } from './hex.ts'
import { base } from './procedure-base.ts'

/**
 * What a store says of the local authority. `stale`: an earlier root of ours is there and the current
 * one is not; `another`: an authority of another Edgekeep; `distrusted`: somebody took the trust away
 * by hand; `unreadable`: it cannot be told, and the sentence says why; `unmanaged`: this system keeps
 * its roots in a way that no program should change.
 */
export const trustStateSchema = z.enum([
  'trusted',
  'missing',
  'stale',
  'another',
  'distrusted',
  'unreadable',
  'unmanaged',
])
export type TrustState = z.infer<typeof trustStateSchema>

/** Why something cannot be done now, and the command that mends it on this system. */
export const obstacleSchema = z.object({ sentence: z.string(), command: z.string().nullable() })
export type Obstacle = z.infer<typeof obstacleSchema>

export const trustStoreSchema = z.object({
  id: z.string(),
  kind: z.enum(['system', 'nss', 'firefox', 'java', 'bundle', 'keychain', 'windows', 'dotnet', 'container']),
  title: z.string(),
  /** Where it is on this computer. */
  location: z.string(),
  state: trustStateSchema,
  sentence: z.string(),
  /** A change of it needs the rights of the administrator. */
  elevated: z.boolean(),
  obstacle: obstacleSchema.nullable(),
  /** Edgekeep changed it and can undo that. */
  undoable: z.boolean(),
})
export type TrustStoreView = z.infer<typeof trustStoreSchema>

/** What happened when the client itself was run against the edge. */
export const trustProofSchema = z.object({
  at: timeSchema,
  /** The edge saw its handshake end well. */
  ok: z.boolean(),
  sentence: z.string(),
  /** What the client said, where it refused. */
  words: z.string().nullable(),
  /** The store through which it was trusted. */
  through: z.string().nullable(),
})
export type TrustProof = z.infer<typeof trustProofSchema>

export const trustClientSchema = z.object({
  id: z.string(),
  kind: z.enum(['browser', 'tool', 'runtime', 'system']),
  name: z.string(),
  path: z.string(),
  /** The stores that it reads, any of which will do; the best one first. */
  stores: z.array(z.string()),
  /** Of the best of its stores. */
  state: trustStateSchema,
  /** Null until it was tried with the root of now. */
  proof: trustProofSchema.nullable(),
  /** Why it cannot be run for a proof. */
  unprovable: z.string().nullable(),
  /** More than this person's own, or with trust that is set up elsewhere: only changed, and only counted, where it is asked for by name. */
  optional: z.boolean(),
})
export type TrustClient = z.infer<typeof trustClientSchema>

export const trustAtlasSchema = z.object({
  /** Null before there is an authority. */
  authority: z.object({ title: z.string(), fingerprintSha256: hexSchema }).nullable(),
  system: z.string(),
  clients: z.array(trustClientSchema),
  stores: z.array(trustStoreSchema),
})
export type TrustAtlas = z.infer<typeof trustAtlasSchema>

const actionSchema = z.enum(['install', 'undo'])
export type TrustAction = z.infer<typeof actionSchema>

/** Stands in the commands of a dry run for the fingerprint of an authority that is made first. */
export const fingerprintToCome = 'FINGERPRINT'

/** One store's change. */
export const trustStepSchema = z.object({
  store: z.string(),
  title: z.string(),
  location: z.string(),
  /** A sentence: what is changed. */
  change: z.string(),
  elevated: z.boolean(),
  /** What an administrator's shell would run, or Edgekeep itself by the system's own tool; null where it changes files of the person. */
  commands: z.string().nullable(),
  /** Why this step cannot be taken now; it is then left out. */
  obstacle: obstacleSchema.nullable(),
})
export type TrustStep = z.infer<typeof trustStepSchema>

export const trustPlanSchema = z.object({
  /** To be given to `apply`, so that what is done is what was shown. */
  id: z.string(),
  action: actionSchema,
  steps: z.array(trustStepSchema),
  /** The one script of all steps that need an administrator, for `/bin/sh` or for Windows' PowerShell; null where none does. */
  elevatedScript: z.string().nullable(),
})
export type TrustPlan = z.infer<typeof trustPlanSchema>

export const trustOutcomeSchema = z.object({
  store: z.string(),
  title: z.string(),
  /** `exact`: undone, and every byte is as it was; `skipped`: an administrator's step that was not taken. */
  outcome: z.enum(['done', 'exact', 'failed', 'skipped']),
  sentence: z.string(),
})
export type TrustOutcome = z.infer<typeof trustOutcomeSchema>

/** Ids of clients, or their names in lower case; absent: all that are here. */
const clientsSchema = z.array(z.string().max(500)).max(200).optional()
/** Nothing is changed at all, and no plan is kept that could be carried out. */
export const dryRunSchema = z.boolean().default(false)

/** The plan that was shown; without it, or where the engine has forgotten it, one is made anew. */
export const planIdSchema = z.string().max(100).optional()

/** Who runs what an administrator has to: `ask` the person by the system's own dialog, `taken` where the caller has run the script of the plan already, `leave` those steps. */
export const elevationSchema = z.enum(['ask', 'taken', 'leave']).default('leave')

const stepSchema = z.object({
  type: z.literal('step'),
  title: z.string(),
  done: z.number(),
  total: z.number(),
})
/** Steps as they are taken, and what came of each. */
export const stepsWithOutcomesSchema = eventIterator(
  z.discriminatedUnion('type', [
    stepSchema,
    z.object({ type: z.literal('outcome'), outcome: trustOutcomeSchema }),
  ]),
)

/**
 * What came of the page that tries a browser from inside. `careless`: it accepts any certificate; `unreached`: it
 * asked, and the edge saw nothing of it; `silent`: it opened the page and did not say that it had asked.
 */
const pageOutcomeSchema = z.enum(['trusted', 'careless', 'refused', 'unreached', 'silent', 'unopened'])
export type PageOutcomeName = z.infer<typeof pageOutcomeSchema>

/** Where the page is, who opened it, and what came of it. */
const proofPageEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('page'), address: z.string(), expiresAt: timeSchema }),
  /** `Chromium 156`, as the browser calls itself. */
  z.object({ type: z.literal('opened'), browser: z.string() }),
  z.object({
    type: z.literal('outcome'),
    outcome: pageOutcomeSchema,
    /** Null where nobody opened the page. */
    browser: z.string().nullable(),
    title: z.string(),
    sentence: z.string(),
    /** What the edge saw, where that explains it. */
    words: z.string().nullable(),
    /** What to do, where there is something. */
    todo: z.string().nullable(),
    /** The row of that browser as it is now, where something was learnt about its trust. */
    client: trustClientSchema.nullable(),
  }),
])
export type ProofPageEvent = z.infer<typeof proofPageEventSchema>

const selection = z.object({ action: actionSchema, clients: clientsSchema })

export const trustContract = {
  /** Reads every store; runs nothing but what lists them. */
  status: base.output(trustAtlasSchema),
  /** What `apply` would do; changes nothing, except that an authority is made where there is none. With `dryRun` as in a setup. */
  plan: base.input(selection.extend({ dryRun: dryRunSchema })).output(trustPlanSchema),
  /** Changes the stores one after the other; what fails leaves its store as it was and the others alone. */
  apply: base
    .input(selection.extend({ plan: planIdSchema, elevation: elevationSchema }))
    .output(stepsWithOutcomesSchema),
  /** Runs each client against a name that the edge serves for it alone. Aborting ends what runs. */
  prove: base
    .input(z.object({ clients: clientsSchema }))
    .output(
      eventIterator(
        z.discriminatedUnion('type', [
          stepSchema,
          z.object({ type: z.literal('proof'), client: trustClientSchema }),
        ]),
      ),
    ),
  /**
   * A page that tries the browser in which a person opens it, from inside. Its address works once; it is gone with
   * the outcome, with the stream, and after ten minutes.
   */
  provePage: base.output(eventIterator(proofPageEventSchema)),
  /** Variables for programs that read no store, and the bundle that they point to. */
  env: base.output(
    z.object({
      bundle: z.string(),
      variables: z.array(z.object({ name: z.string(), value: z.string(), reads: z.string() })),
    }),
  ),
}
