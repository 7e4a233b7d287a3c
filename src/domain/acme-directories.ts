export const acmeDirectories = [
  { id: 'letsencrypt', title: "Let's Encrypt", url: 'https://acme-v02.api.letsencrypt.org/directory' },
  {
    id: 'letsencrypt-staging',
    title: "Let's Encrypt staging",
    url: 'https://acme-staging-v02.api.letsencrypt.org/directory',
  },
  { id: 'zerossl', title: 'ZeroSSL', url: 'https://acme.zerossl.com/v2/DV90' },
  { id: 'google', title: 'Google Trust Services', url: 'https://dv.acme-v02.api.pki.goog/directory' },
  { id: 'sslcom', title: 'SSL.com', url: 'https://acme.ssl.com/sslcom-dv-ecc' },
  { id: 'step-ca', title: 'step-ca on this computer', url: 'https://localhost/acme/acme/directory' },
  { id: 'pebble', title: 'Pebble on this computer', url: 'https://localhost:14000/dir' },
] as const
