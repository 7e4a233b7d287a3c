import { basename } from 'node:path'
import type { GuideCommand } from './commands.ts'

/** State of the home before a page's first command. */
export interface PageSetup {
  before?: string[]
  /** False for pages whose commands need no engine. */
  engine?: false
}

export interface Adaptation {
  page: string
  /** The command as printed, or its beginning. */
  printed: string
  /** Command run in its place. */
  instead?: string
  /** `printed` is the whole command. */
  exactly?: true
  /** Options added to it. */
  more?: string
  /** A terminal would be asked; `--yes` confirms. */
  asks?: true
  /** Standard input: answers and passphrases. */
  input?: string
  /** Expected exit status; 0 if absent. */
  status?: number
  /** Reason why it is not run. */
  skip?: string
  /** Not run without this program. */
  program?: string
}

const shop = 'edgekeep domain add shop.test --origin http://127.0.0.1:3000'
const free = 'edgekeep https on shop.test --free'

/** The guide's pages, in the order of its menu. */
export const guidePages: Record<string, PageSetup> = {
  'README.md': {},
  'docs/guide/getting-started.md': {},
  'docs/guide/moving-in.md': {},
  'docs/guide/serving-a-domain.md': {},
  'docs/guide/names-and-ports.md': {},
  'docs/guide/trust.md': { before: [shop, free, 'edgekeep trust install --client node --yes'] },
  'docs/guide/certificates.md': { before: [shop, free] },
  'docs/guide/local-certificates.md': {},
  'docs/guide/renewal.md': {
    before: [
      'edgekeep cert import fullchain.pem privkey.pem --name shop.example',
      'edgekeep cert import p256.pem other.key --name bank.example',
    ],
  },
  'docs/guide/publishing.md': { before: [shop, free] },
  'docs/guide/policies.md': {
    before: [
      shop,
      free,
      ...['api', 'admin'].map((name) => shop.replace('shop.test', `${name}.shop.test`)),
      shop.replace('shop.test', 'admin.test'),
    ],
  },
  'docs/guide/usage.md': {},
  'docs/guide/looking-into-files.md': { engine: false },
  'docs/guide/agents.md': {},
  'docs/guide/acme-server.md': {},
  'docs/guide/protecting-the-vault.md': {},
  'docs/guide/troubleshooting.md': {},
  'docs/guide/develop.md': {},
  'docs/guide/frameworks.md': {},
  'docs/guide/other-devices.md': { before: [shop, free] },
  'docs/guide/running-at-boot.md': { engine: false },
  'docs/guide/moving-and-updating.md': { before: [shop, free] },
  'docs/guide/reporting-a-bug.md': {},
  'docs/guide/command-line.md': {},
}

const computer = "changes this computer's stores, names or ports; test:trust runs it"
const noSystemd = 'systemd does not run in a container; test/integration/cli/service.test.ts runs it'
const network = 'needs a server on the Internet'
const setUp = 'sets up a checkout; CI runs it'
const runs = 'the engine runs already'
const publishing = 'needs a server of its own; test/integration/engine/publish runs it'
const passphrase = 'a long enough passphrase\n'

const adaptations: Adaptation[] = [
  // It stays until Ctrl-C.
  {
    page: 'develop.md',
    printed: 'edgekeep up',
    instead:
      "printf 'edgekeep: 1\\nproject: shop\\ndomains:\\n  shop.test:\\n    origin: 3000\\n' > edgekeep.yaml && { timeout --signal INT 10 edgekeep up --yes --no-ui || true; } && edgekeep domain show shop.test",
  },
  // A server that ends by itself.
  {
    page: 'develop.md',
    printed: 'edgekeep run',
    exactly: true,
    instead: `echo '{"name":"shop","scripts":{"dev":"node dev.cjs"}}' > package.json && echo "require('http').createServer().listen(process.env.PORT, '127.0.0.1', () => setTimeout(process.exit, 5000, 0))" > dev.cjs && edgekeep run`,
  },
  // They stay until Ctrl-C.
  ...['edgekeep run --attach 3000', 'edgekeep run --attach 3000 --name store'].map((printed) => ({
    page: 'develop.md',
    printed,
    exactly: true as const,
    instead: `{ timeout --signal INT 5 ${printed} || true; }`,
  })),
  {
    page: 'develop.md',
    printed: 'edgekeep run web',
    instead:
      "printf 'edgekeep: 1\\nproject: shop\\nservices:\\n  web: { command: node dev.cjs }\\n  api: { command: node dev.cjs }\\n' > edgekeep.yaml && edgekeep run --yes web",
  },
  { page: 'develop.md', printed: 'edgekeep trust install --client chromium', skip: computer },
  { page: 'other-devices.md', printed: 'edgekeep lan on shop.local', more: '--address 127.0.0.2' },
  { page: 'trust.md', printed: 'edgekeep trust container', skip: 'needs a container' },
  { page: 'develop.md', printed: 'docker run', skip: 'needs a container' },
  { page: 'develop.md', printed: 'edgekeep containers', skip: 'needs a container' },
  { page: 'moving-in.md', printed: 'edgekeep import --from nginx', skip: 'needs a configuration of nginx' },
  {
    page: 'moving-in.md',
    printed: 'edgekeep import --from certbot',
    instead:
      'mkdir -p live/shop.example && cp fullchain.pem privkey.pem live/shop.example && edgekeep import --from certbot . --yes',
  },
  { page: 'moving-in.md', printed: 'edgekeep import --undo', asks: true },
  { page: 'publishing.md', printed: 'edgekeep target', skip: publishing },
  { page: 'publishing.md', printed: 'edgekeep publish', skip: publishing },
  { page: 'publishing.md', printed: 'sudo install', skip: publishing },
  { page: 'publishing.md', printed: 'kubectl', skip: 'needs a cluster' },
  {
    page: 'other-devices.md',
    printed: 'edgekeep trust device',
    skip: 'waits for a device; test/integration/cli/trust-device.test.ts runs it',
  },
  { page: 'other-devices.md', printed: 'edgekeep authority allow', asks: true },
  {
    page: 'other-devices.md',
    printed: 'edgekeep cert issue anna@shop.test',
    more: '--new-password-stdin',
    input: passphrase,
  },
  { page: 'running-at-boot.md', printed: 'edgekeep service install', exactly: true, skip: noSystemd },
  { page: 'running-at-boot.md', printed: 'edgekeep service status', status: 1 },
  { page: 'running-at-boot.md', printed: 'edgekeep service remove', asks: true },
  {
    page: 'moving-and-updating.md',
    printed: 'edgekeep vault recovery-key --new',
    more: '--yes > recovery-key',
  },
  {
    page: 'moving-and-updating.md',
    printed: 'edgekeep backup edgekeep.backup',
    more: '--password-stdin',
    input: passphrase,
  },
  { page: 'moving-and-updating.md', printed: 'edgekeep setup', skip: computer },
  {
    page: 'moving-and-updating.md',
    printed: 'edgekeep restore',
    instead:
      '{ echo a long enough passphrase; cat recovery-key; } | edgekeep restore edgekeep.backup --password-stdin --yes',
  },
  {
    page: 'command-line.md',
    printed: 'edgekeep domain add --file domains.csv --dry-run',
    instead:
      "for name in a b c d; do echo $name.test,http://127.0.0.1:3000,eu; done | sed '1i name,origin,tags' > domains.csv && edgekeep domain add --file domains.csv --dry-run",
  },
  {
    page: 'command-line.md',
    printed: 'grep -v old names.txt',
    instead: 'echo d.test > names.txt && grep -v old names.txt | edgekeep https off - --yes',
  },
  // Nothing points the name to this computer.
  ...['policies.md', 'frameworks.md'].map((page) => ({
    page,
    printed: 'edgekeep check shop.test',
    status: 1,
  })),
  // HTTPS of the domain in names.txt is off.
  { page: 'command-line.md', printed: 'edgekeep check --all', status: 1 },
  { page: 'README.md', printed: 'git clone', skip: setUp },
  { page: 'README.md', printed: 'npm ', skip: setUp },
  { page: 'README.md', printed: 'edgekeep open', skip: 'starts a browser' },
  { page: 'README.md', printed: 'edgekeep setup', skip: computer },
  { page: 'getting-started.md', printed: 'edgekeep uninstall', skip: computer },
  { page: 'getting-started.md', printed: 'npm start', skip: setUp },
  { page: 'getting-started.md', printed: 'edgekeep up', skip: runs },
  { page: 'names-and-ports.md', printed: 'edgekeep setup', skip: computer },
  { page: 'names-and-ports.md', printed: 'edgekeep uninstall', skip: computer },
  { page: 'names-and-ports.md', printed: 'edgekeep open', skip: 'starts a browser' },
  { page: 'names-and-ports.md', printed: 'edgekeep names install', skip: computer },
  { page: 'names-and-ports.md', printed: 'edgekeep names undo', skip: computer },
  { page: 'trust.md', printed: 'edgekeep trust install', skip: computer },
  { page: 'trust.md', printed: 'edgekeep trust undo', skip: computer },
  { page: 'trust.md', printed: 'edgekeep trust test', skip: computer },
  { page: 'trust.md', printed: 'eval "docker', skip: 'needs Docker' },
  { page: 'trust.md', printed: 'edgekeep authority rotate --undo-trust', skip: computer },
  {
    page: 'renewal.md',
    printed: 'edgekeep notice add team',
    more: '--secret-stdin',
    input: 'https://hooks.example/services/guide',
  },
  { page: 'renewal.md', printed: 'edgekeep notice add me', more: '--secret-stdin', input: 'a password' },
  { page: 'renewal.md', printed: 'edgekeep notice test team', skip: network },
  ...['add', 'check', 'remove'].map((act) => ({
    page: 'renewal.md',
    printed: `edgekeep watch ${act}`,
    skip: network,
  })),
  { page: 'renewal.md', printed: 'edgekeep acme directory letsencrypt', skip: network },
  { page: 'renewal.md', printed: 'edgekeep acme account add', skip: network },
  { page: 'renewal.md', printed: 'edgekeep https on', skip: network },
  { page: 'looking-into-files.md', printed: 'edgekeep inspect --remote', skip: network },
  { page: 'acme-server.md', printed: 'edgekeep acme serve', more: '--port 14000' },
  { page: 'acme-server.md', printed: 'REQUESTS_CA_BUNDLE', program: 'certbot' },
  // The certificate is from a private authority, which nobody trusts here.
  { page: 'certificates.md', printed: 'edgekeep verify --leaf fullchain.pem', status: 1 },
  { page: 'certificates.md', printed: 'edgekeep inspect', status: 1 },
  // The page shows alternatives: one covers fewer names, one is weaker than the one before.
  ...['--free', '--cert'].map((option) => ({
    page: 'serving-a-domain.md',
    printed: `edgekeep https on shop.test ${option}`,
    more: '--accept-worse',
  })),
  { page: 'looking-into-files.md', printed: 'edgekeep report', status: 1 },
  // Answers no.
  { page: 'looking-into-files.md', printed: 'edgekeep match shop.crt other.key', status: 1 },
  { page: 'looking-into-files.md', printed: 'edgekeep verify --leaf shop.crt --roots root.pem', status: 1 },
  { page: 'looking-into-files.md', printed: 'edgekeep preflight', status: 1 },
  { page: 'looking-into-files.md', printed: 'edgekeep compare', status: 1 },
  { page: 'trust.md', printed: 'edgekeep trust', exactly: true, status: 1 },
  // An upload is renewed by nobody.
  { page: 'renewal.md', printed: 'edgekeep renew shop.example', status: 1 },
  { page: 'looking-into-files.md', printed: 'edgekeep lint', skip: 'needs timestamps of public logs' },
  { page: 'certificates.md', printed: 'edgekeep authority rotate', asks: true },
  { page: 'certificates.md', printed: 'edgekeep authority allow', asks: true },
  { page: 'local-certificates.md', printed: 'edgekeep authority allow', asks: true },
  {
    page: 'local-certificates.md',
    printed: 'edgekeep cert issue anna@shop.test',
    more: '--new-password-stdin',
    input: passphrase,
  },
  { page: 'local-certificates.md', printed: 'edgekeep cert sign', asks: true },
  { page: 'local-certificates.md', printed: 'edgekeep cert import', skip: 'another authority signs it' },
  { page: 'local-certificates.md', printed: 'edgekeep cert revoke', asks: true },
  {
    page: 'policies.md',
    printed: 'edgekeep access shop.test --user',
    more: '--password-stdin',
    input: passphrase,
  },
  { page: 'renewal.md', printed: 'edgekeep cert renewal shop.example --acme', skip: network },
  {
    page: 'renewal.md',
    printed: 'edgekeep acme dns add bind',
    more: '--secret-stdin',
    input: 'c2VjcmV0c2VjcmV0\n',
  },
  { page: 'usage.md', printed: 'edgekeep up', skip: runs },
  { page: 'acme-server.md', printed: 'edgekeep acme accounts --', skip: 'needs the ID of an account' },
  { page: 'acme-server.md', printed: 'edgekeep acme rehearse', more: '--day-ms 100' },
  {
    page: 'protecting-the-vault.md',
    printed: 'edgekeep vault protect passphrase',
    more: '--password-stdin',
    input: passphrase,
  },
  {
    page: 'protecting-the-vault.md',
    printed: 'edgekeep vault protect os-keychain',
    skip: 'needs a keychain',
  },
  {
    page: 'protecting-the-vault.md',
    printed: 'edgekeep vault protect key-file',
    more: '--vault-password-stdin',
    input: passphrase,
  },
  {
    page: 'protecting-the-vault.md',
    printed: 'edgekeep vault recovery-key --new',
    more: '--yes > recovery-key',
  },
  {
    page: 'protecting-the-vault.md',
    printed: 'edgekeep backup --every',
    instead: 'edgekeep backup --every 24h --keep 7 --to "$PWD" --password-stdin',
    input: passphrase,
  },
  {
    page: 'protecting-the-vault.md',
    printed: 'edgekeep backup',
    more: '--password-stdin',
    input: passphrase,
  },
  {
    page: 'protecting-the-vault.md',
    printed: 'edgekeep restore',
    instead:
      '{ echo a long enough passphrase; cat recovery-key; } | edgekeep restore edgekeep.backup --password-stdin --yes && until edgekeep vault locking > /dev/null 2>&1; do sleep 0.2; done',
  },
  {
    page: 'serving-a-domain.md',
    printed: 'edgekeep domain add docs.test',
    instead: 'mkdir dist && edgekeep domain add docs.test --origin "file://$PWD/dist"',
  },
  {
    page: 'serving-a-domain.md',
    printed: 'edgekeep route add shop.test /docs',
    instead: 'mkdir docs && edgekeep route add shop.test /docs "file://$PWD/docs" --strip-path',
  },
  { page: 'acme-server.md', printed: 'LEGO_CA_CERTIFICATES', program: 'lego' },
]

export function adaptationOf({ page, text }: GuideCommand): Adaptation | undefined {
  return adaptations.find(
    (each) =>
      basename(page) === each.page && (each.exactly ? text === each.printed : text.startsWith(each.printed)),
  )
}

/** Adaptations that no printed command needs. */
export function unusedAdaptations(commands: GuideCommand[]): string[] {
  const used = new Set(commands.map(adaptationOf))
  return adaptations.filter((each) => !used.has(each)).map(({ page, printed }) => `${page}: ${printed}`)
}
