import type { Proof, ProofKind, ProtectionStatus } from '../contract/custody/custody.ts'

type Protector = ProtectionStatus['protector']

/** Proofs of ownership that a change of the vault's protection or of its recovery key needs. */
export function proofsForKeys(protector: Protector, hasRecoveryKey: boolean): ProofKind[] {
  const recoveryKey: ProofKind[] = hasRecoveryKey ? ['recoveryKey'] : []
  return protector === 'passphrase' ? ['passphrase', ...recoveryKey] : [...recoveryKey, 'code']
}

/** Proofs for making a backup; none without a vault passphrase, since the recovery key seals it. */
export function proofsForBackup(protector: Protector): ProofKind[] {
  return protector === 'passphrase' ? ['passphrase'] : []
}

export function givenProof(accepts: readonly ProofKind[], given: Proof): ProofKind | undefined {
  return accepts.find((kind) => given[kind] !== undefined)
}
