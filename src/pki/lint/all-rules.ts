import { constraintRules } from './constraints.ts'
import { identifierRules } from './identifiers.ts'
import { keyRules } from './keys.ts'
import { nameRules } from './names.ts'
import { policyRules } from './policies.ts'
import { purposeRules } from './purposes.ts'
import { revocationRules } from './revocation.ts'
import type { LintRule } from './rule.ts'
import { serialRules } from './serial.ts'
import { signatureRules } from './signature.ts'
import { structureRules } from './structure.ts'
import { subjectRules } from './subject-name.ts'
import { transparencyRules } from './transparency.ts'
import { usageRules } from './usage.ts'
import { validityRules } from './validity.ts'

export const lintRules: LintRule[] = [
  ...structureRules,
  ...validityRules,
  ...serialRules,
  ...keyRules,
  ...signatureRules,
  ...nameRules,
  ...subjectRules,
  ...purposeRules,
  ...usageRules,
  ...constraintRules,
  ...identifierRules,
  ...revocationRules,
  ...policyRules,
  ...transparencyRules,
]
