/** Every code of a path failure, with the answer (validity, authority, signature) that it makes negative. */
export const breachAnswers = {
  malformed: 'authority',
  expired: 'validity',
  not_yet_valid: 'validity',
  unknown_critical_extension: 'authority',
  weak_key: 'signature',
  weak_signature: 'signature',
  bad_signature: 'signature',
  wrong_purpose: 'authority',
  not_an_authority: 'authority',
  path_too_long: 'authority',
  name_not_permitted: 'authority',
  too_many_names: 'authority',
  policy: 'authority',
  revoked: 'authority',
  revocation_unknown: 'authority',
  issuing_rule: 'authority',
  self_signed: 'authority',
  missing_intermediate: 'authority',
  unknown_authority: 'authority',
  search_exhausted: 'authority',
} as const satisfies Record<string, 'validity' | 'authority' | 'signature'>

export type BreachCode = keyof typeof breachAnswers

export interface Breach {
  code: BreachCode
  message: string
  /** Index of the certificate, counted from the leaf, 0. */
  index: number
  /** `RFC 5280, section 6.1.3`. */
  reference: string
}

export const rfc5280 = (section: string): string => `RFC 5280, section ${section}`
