/** Maintainer of the deb. This address is invalid: a release sets a real one in EDGEKEEP_MAINTAINER. */
const noMaintainer = 'The Edgekeep developers <developers@edgekeep.invalid>'

export const product = {
  name: 'Edgekeep',
  id: 'dev.edgekeep.Edgekeep',
  summary: 'Local HTTPS edge and certificate vault',
  description: [
    'Serve any domain over real HTTPS on your own machine, with your certificate and',
    'its private key sealed in a vault that never shows it again, and look into',
    'certificates offline.',
  ],
  maintainer: process.env['EDGEKEEP_MAINTAINER'] || noMaintainer,
  /** The desktop app on Linux. The command `edgekeep` is the command line. */
  linuxProgram: 'edgekeep-desktop',
  /** Registered as a viewer; existing defaults stay. */
  extensions: ['pem', 'crt', 'cer', 'der', 'p7b', 'p7c', 'p12', 'pfx', 'csr', 'crl'],
}
