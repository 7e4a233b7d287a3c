/**
 * `expiring`, `expired`: its certificate, by the rule of `certificateFilters`. `changed`: since its last
 * verification. `origin-down`: by its answers or its health check.
 */
export const domainFilters = [
  'failing',
  'expiring',
  'expired',
  'off',
  'paused',
  'changed',
  'origin-down',
] as const
export type DomainFilter = (typeof domainFilters)[number]
