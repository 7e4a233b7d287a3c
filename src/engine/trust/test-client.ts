import type { TrustProof, TrustStoreView } from '../../contract/trust/trust.ts'
import { clientErrorMessage } from './client-errors.ts'
import type { FoundClient } from './clients/find-clients.ts'

/** One run of a client: `ok` if the edge saw its request; else its output. */
export interface Loaded {
  ok: boolean
  output: string
}

export interface ClientTest {
  client: FoundClient
  stores: readonly TrustStoreView[]
  /** Variables of `edgekeep trust env`. */
  variables: NodeJS.ProcessEnv
  /** Runs the client as a person starts it, but for `variables`. */
  load(variables: NodeJS.ProcessEnv): Promise<Loaded>
  /** Runs it against a certificate that no client should accept. */
  loadUntrusted(variables: NodeJS.ProcessEnv): Promise<Loaded>
  /** Issuer that a refusing client does not trust, as the end of a sentence. */
  issuer: string
  signal: AbortSignal | undefined
}

type Tested = Pick<TrustProof, 'ok' | 'sentence' | 'words' | 'through' | 'byVariables'>

/** Tests a client without variables first, since that is how a person starts it; then with them. */
export async function testClient(test: ClientTest): Promise<Tested> {
  const plain = await test.load({})
  if (plain.ok) return accepted(test, {})
  const isInBundle = test.stores.some(({ kind, state }) => kind === 'bundle' && state === 'trusted')
  if (isInBundle && !test.signal?.aborted && (await test.load(test.variables)).ok)
    return accepted(test, test.variables)
  return { ...refusal, sentence: clientErrorMessage(plain.output, test.issuer), words: plain.output }
}

const refusal = { ok: false, words: null, through: null, byVariables: false }

const careless =
  'It accepts any certificate, so its test says nothing: its settings or variables turn verification off, as “insecure” in ~/.curlrc does. Remove that, and repeat the proof.'

async function accepted(test: ClientTest, variables: NodeJS.ProcessEnv): Promise<Tested> {
  const { client, stores, signal, loadUntrusted } = test
  const isCareless =
    !withOwnProfile.has(client.run) && !signal?.aborted && (await loadUntrusted(variables)).ok
  if (isCareless) return { ...refusal, sentence: careless }
  const byVariables = variables === test.variables
  const store = stores.find(({ kind, state }) => state === 'trusted' && (kind === 'bundle') === byVariables)
  const through = store?.title ?? null
  const sentence = byVariables
    ? 'It trusts the authority only where the variables of "edgekeep trust env" are set; as it is started otherwise it does not.'
    : `It finished a handshake with the edge, through ${through ?? 'a store that Edgekeep does not know'}.`
  return { ok: true, sentence, words: null, through, byVariables }
}

/** Clients with a temporary profile, in which nobody can have turned verification off. */
const withOwnProfile: ReadonlySet<string> = new Set(['chromium', 'firefox'])
