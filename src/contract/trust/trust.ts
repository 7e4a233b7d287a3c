import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { timeSchema } from '../shared/time.ts'
import { hexSchema } from '../shared/hex.ts'
import { base } from '../shared/procedure-base.ts'

/**
 * State of the local authority in a trust store. `stale`: it has an earlier root but not the current one;
 * `another`: the authority of another Edgekeep; `distrusted`: somebody removed the trust by hand;
 * `unreadable`: unknown, for the reason in the sentence; `unmanaged`: this system keeps its roots in a way
 * that no program should change.
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

/** Cure where browsers refuse the authority of a domain's certificate. */
export const privateCureSchema = z.enum(['trust-root', 'free-certificate'])
export type PrivateCure = z.infer<typeof privateCureSchema>

/** Reason why something cannot be done now, and the command that remedies it on this system. */
export const obstacleSchema = z.object({
  sentence: z.string(),
  command: z.string().nullable(),
  /** Alternatives, each with its command; `isRootMissing`: the root has to be given as a file. */
  cures: z
    .array(z.object({ cure: privateCureSchema, command: z.string(), isRootMissing: z.boolean() }))
    .optional(),
})
export type Obstacle = z.infer<typeof obstacleSchema>

export const trustStoreSchema = z.object({
  id: z.string(),
  kind: z.enum(['system', 'nss', 'firefox', 'java', 'bundle', 'keychain', 'windows', 'dotnet', 'container']),
  title: z.string(),
  /** Path or name of the store. */
  location: z.string(),
  state: trustStateSchema,
  sentence: z.string(),
  /** A change of it needs administrator rights. */
  elevated: z.boolean(),
  obstacle: obstacleSchema.nullable(),
  /** Edgekeep changed it and can undo that. */
  undoable: z.boolean(),
})
export type TrustStoreView = z.infer<typeof trustStoreSchema>

/** Result of a probe: the client itself was run against the edge. */
export const trustProofSchema = z.object({
  at: timeSchema,
  /** The edge saw a successful handshake. */
  ok: z.boolean(),
  sentence: z.string(),
  /** Error message of a client that refused. */
  words: z.string().nullable(),
  through: z.string().nullable(),
  /** It succeeded with the variables of `edgekeep trust env` alone, not as a person starts the client. */
  byVariables: z.boolean(),
  /** Target of the probe. */
  against: z.object({
    /** Domain; null for a temporary name. */
    name: z.string().nullable(),
    address: z.string(),
    port: z.number(),
    /** SHA-256 of the leaf that was served; for a temporary name of the root. */
    chain: hexSchema,
    /** End of the validity of that certificate. */
    until: timeSchema,
  }),
  /** The stores that the client read, as they were. */
  stores: z.array(z.object({ id: z.string(), state: trustStateSchema })),
  /** One of them was seen in another state since. */
  storesChanged: z.boolean().optional(),
})
export type TrustProof = z.infer<typeof trustProofSchema>

/**
 * State of a client, by `src/domain/client-trust.ts`. `proven`: its last test still counts; `variables`: it
 * trusts with the variables of `edgekeep trust env` alone; `trusted`: installed, and not tested; `refused`:
 * it did not trust in its last test.
 */
export const clientTrustSchema = z.enum([...trustStateSchema.options, 'proven', 'variables', 'refused'])
export type ClientTrust = z.infer<typeof clientTrustSchema>

export const trustClientSchema = z.object({
  id: z.string(),
  kind: z.enum(['browser', 'tool', 'runtime', 'system']),
  name: z.string(),
  path: z.string(),
  /** Stores that it reads, any of which suffices; the best one first. */
  stores: z.array(z.string()),
  /** State of its most trusting store. */
  state: trustStateSchema,
  trust: clientTrustSchema,
  /** Explains `trust`. */
  sentence: z.string(),
  /** Last probe, whether it still counts or not; null without one. */
  proof: trustProofSchema.nullable(),
  /** Reason why it cannot be probed. */
  unprovable: z.string().nullable(),
  /** Shared with other users, or with trust set up elsewhere: changed and counted only if named. */
  optional: z.boolean(),
})
export type TrustClient = z.infer<typeof trustClientSchema>

export const trustAtlasSchema = z.object({
  /** Null without an authority. */
  authority: z.object({ title: z.string(), fingerprintSha256: hexSchema }).nullable(),
  system: z.string(),
  clients: z.array(trustClientSchema),
  stores: z.array(trustStoreSchema),
})
export type TrustAtlas = z.infer<typeof trustAtlasSchema>

const actionSchema = z.enum(['install', 'undo'])
export type TrustAction = z.infer<typeof actionSchema>

/** Placeholder in the commands of a dry run for the fingerprint of an authority that does not exist yet. */
export const fingerprintToCome = 'FINGERPRINT'

export const trustStepSchema = z.object({
  store: z.string(),
  title: z.string(),
  location: z.string(),
  change: z.string(),
  elevated: z.boolean(),
  /**
   * Commands for an administrator's shell, or for Edgekeep with the system's own tool; null if the step
   * changes files of the person.
   */
  commands: z.string().nullable(),
  /** Reason why this step is omitted now. */
  obstacle: obstacleSchema.nullable(),
})
export type TrustStep = z.infer<typeof trustStepSchema>

/** User whose stores a plan changes: the one of the engine. */
const planOwnerSchema = z.object({ home: z.string(), uid: z.number().int().nullable() })
export type PlanOwner = z.infer<typeof planOwnerSchema>

export const trustPlanSchema = z.object({
  /** Plan id for `apply`, so that exactly the shown steps are applied. */
  id: z.string(),
  action: actionSchema,
  steps: z.array(trustStepSchema),
  /** Script of all privileged steps, for `/bin/sh` or for Windows' PowerShell; null without any. */
  elevatedScript: z.string().nullable(),
  /** Command line that carries out the same plan. */
  command: z.string(),
  /** Reason why this system cannot ask for an administrator's rights, and the command that can. */
  unaskable: obstacleSchema.nullable(),
  owner: planOwnerSchema,
})
export type TrustPlan = z.infer<typeof trustPlanSchema>

export const trustOutcomeSchema = z.object({
  store: z.string(),
  title: z.string(),
  /** `exact`: undone to the same bytes; `skipped`: a privileged step that was left out. */
  outcome: z.enum(['done', 'exact', 'failed', 'skipped']),
  sentence: z.string(),
  /** Title of the step that is not done, without which this one was not tried; null if it was. */
  dependsOn: z.string().nullable(),
})
export type TrustOutcome = z.infer<typeof trustOutcomeSchema>

/** Ids of clients, or their names in lower case; absent: all on this computer. */
export const clientsSchema = z.array(z.string().max(500)).max(200).optional()
/** Changes nothing and stores no plan that could be applied. */
export const dryRunSchema = z.boolean().default(false)

/** Plan that was shown; absent or expired: a new one is made. */
export const planIdSchema = z.string().max(100).optional()

/**
 * Execution of the privileged steps: `ask` the person by the system's own dialog, `taken` if the caller
 * already ran the script of the plan, `leave` them out.
 */
export const elevationSchema = z.enum(['ask', 'taken', 'leave']).default('leave')

const stepSchema = z.object({
  type: z.literal('step'),
  title: z.string(),
  done: z.number(),
  total: z.number(),
})
/** Steps with their outcomes, as they are applied. */
export const stepsWithOutcomesSchema = eventIterator(
  z.discriminatedUnion('type', [
    stepSchema,
    z.object({ type: z.literal('outcome'), outcome: trustOutcomeSchema }),
  ]),
)

/** Clients that are being run, and the results of those that were. */
export const stepsWithProofsSchema = eventIterator(
  z.discriminatedUnion('type', [
    stepSchema,
    z.object({ type: z.literal('proof'), client: trustClientSchema }),
  ]),
)

/**
 * Result of the page that probes a browser from inside. `careless`: it accepts any certificate; `unreached`:
 * it sent a request that the edge did not see; `silent`: it opened the page and reported nothing.
 */
const pageOutcomeSchema = z.enum(['trusted', 'careless', 'refused', 'unreached', 'silent', 'unopened'])
export type PageOutcomeName = z.infer<typeof pageOutcomeSchema>

/** Address of the page, the program that opened it, and its result. */
const proofPageEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('page'), address: z.string(), expiresAt: timeSchema }),
  /** `Chromium 156`, as reported by the browser. */
  z.object({ type: z.literal('opened'), browser: z.string() }),
  z.object({
    type: z.literal('outcome'),
    outcome: pageOutcomeSchema,
    /** Null if nobody opened the page. */
    browser: z.string().nullable(),
    title: z.string(),
    sentence: z.string(),
    /** Observation of the edge that explains the result. */
    words: z.string().nullable(),
    /** Remedy, if there is one. */
    todo: z.string().nullable(),
    /** Updated row of that browser, if its trust is now known. */
    client: trustClientSchema.nullable(),
  }),
])
export type ProofPageEvent = z.infer<typeof proofPageEventSchema>

const selection = z.object({ action: actionSchema, clients: clientsSchema })

export const trustContract = {
  /** Reads every store; runs only programs that list them. */
  status: base.output(trustAtlasSchema),
  /** Plan of `apply` without a change, except that it creates a missing authority. `dryRun` as in a setup. */
  plan: base.input(selection.extend({ dryRun: dryRunSchema })).output(trustPlanSchema),
  /** Changes the stores one by one; a failure leaves its store unchanged and does not stop the others. */
  apply: base
    .input(selection.extend({ plan: planIdSchema, elevation: elevationSchema }))
    .output(stepsWithOutcomesSchema),
  /** Probes each client against a name that the edge serves for it alone. An abort ends running clients. */
  prove: base.input(z.object({ clients: clientsSchema })).output(stepsWithProofsSchema),
  /**
   * Page that probes the browser in which a person opens it, from inside. Its address works once and expires
   * with the outcome, with the stream, and after ten minutes.
   */
  provePage: base.output(eventIterator(proofPageEventSchema)),
  /**
   * Environment variables for programs that read no store, and their CA bundle, which is written if it is
   * missing; so is the authority.
   */
  env: base.output(
    z.object({
      bundle: z.string(),
      variables: z.array(z.object({ name: z.string(), value: z.string(), reads: z.string() })),
    }),
  ),
}
