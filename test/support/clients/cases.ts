import { chainCases } from './chain-cases.ts'
import type { ClientCase } from './client-case.ts'
import { formCases } from './form-cases.ts'
import { keyCases } from './key-cases.ts'
import { nameCases } from './name-cases.ts'
import { usageCases } from './usage-cases.ts'

/** Chains that programs are asked about, in the order of the table. */
export const clientCases: ClientCase[] = [
  ...chainCases,
  ...keyCases,
  ...usageCases,
  ...nameCases,
  ...formCases,
]
