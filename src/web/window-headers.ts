/**
 * Headers of all responses of the window: no inline script, nothing from elsewhere, no framing. Inline styles
 * are allowed: Mantine sets the page's variables with them. `connections`: further origins for requests.
 */
export function windowHeaders(connections: string[]): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(connections),
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'X-Frame-Options': 'DENY',
  }
}

function contentSecurityPolicy(connections: string[]): string {
  return [
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    ["connect-src 'self'", ...connections].join(' '),
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
