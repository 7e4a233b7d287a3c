import type { Proof, ProofKind, ProtectionStatus } from '../contract/custody.ts'

type Protector = ProtectionStatus['protector']

/** What proves that the vault's owner asks to change what protects it or what its backups are sealed to. */
export function proofsForKeys(protector: Protector, hasRecoveryKey: boolean): ProofKind[] {
  const recoveryKey: ProofKind[] = hasRecoveryKey ? ['recoveryKey'] : []
  return protector === 'passphrase' ? ['passphrase', ...recoveryKey] : [...recoveryKey, 'code']
}

/** The same for making a backup; nothing is asked where the vault has no passphrase, since the recovery key keeps it shut. */
export function proofsForBackup(protector: Protector): ProofKind[] {
  return protector === 'passphrase' ? ['passphrase'] : []
}

/** The first of those that count that was given. */
export function givenProof(accepts: readonly ProofKind[], given: Proof): ProofKind | undefined {
  return accepts.find((kind) => given[kind] !== undefined)
}
