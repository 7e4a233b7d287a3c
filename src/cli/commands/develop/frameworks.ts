import { globSync } from 'node:fs'
import { join } from 'node:path'
import type { DevServerKind } from '../../../contract/shared/dev-servers.ts'
import { projectFile } from './package-file.ts'

export interface Framework {
  name: string
  /** Matches a command line that starts its development server. */
  starts: RegExp
  /** Arguments that set address and port. */
  args?: (port: number) => string[]
  /** Variables that set them, besides PORT and HOST. */
  environment?: (port: number) => NodeJS.ProcessEnv
  /** Kind of its refusal of names it does not know, below `.localhost` aside, which all of them accept. */
  kind?: DevServerKind
  /** Line about forms that it refuses behind HTTPS, unless the project in `folder` deals with that. */
  csrfAdvice?: (folder: string) => string[]
  /** It may serve HTTPS itself, and a handshake leaves no line in its log. */
  mayServeTls?: true
}

const host = '127.0.0.1'
const portAndHost = (port: number) => ['--port', String(port), '--host', host]
const strictPort = (port: number) => [...portAndHost(port), '--strictPort']

/** Development servers, and how each takes its port. The first match counts. */
const frameworks: readonly Framework[] = [
  {
    name: 'Vite',
    starts: /^vite(?: dev| serve)?(?= -|$)/,
    args: strictPort,
    kind: 'dev-server.vite',
    mayServeTls: true,
  },
  { name: 'Astro', starts: /^astro dev\b/, args: portAndHost, kind: 'dev-server.vite', mayServeTls: true },
  {
    name: 'Nuxt',
    starts: /^(?:nuxt|nuxi) dev\b/,
    args: portAndHost,
    kind: 'dev-server.vite',
    mayServeTls: true,
  },
  {
    name: 'Next.js',
    starts: /^next(?: dev)?(?= -|$)/,
    // It reads PORT, and listens in all networks without a hostname. An address would become that of its requests.
    args: () => ['--hostname', 'localhost'],
    kind: 'dev-server.next',
    mayServeTls: true,
  },
  {
    name: 'Angular',
    starts: /^ng (?:serve|s|dev)\b/,
    args: portAndHost,
    kind: 'dev-server.angular',
    mayServeTls: true,
  },
  {
    name: 'webpack-dev-server',
    starts: /^(?:webpack(?:-cli)? (?:serve|server|s)\b|webpack-dev-server\b)/,
    // Else its pages look for live updates at this port itself. The zeros stand for the page's host and port.
    args: (port) => [...portAndHost(port), '--client-web-socket-url', 'auto://0.0.0.0:0/ws'],
    kind: 'dev-server.webpack',
    mayServeTls: true,
  },
  { name: 'Rsbuild', starts: /^rsbuild(?: dev)?(?= -|$)/, args: portAndHost, mayServeTls: true },
  {
    name: 'Rails',
    starts: /^(?:ruby )?(?:bin\/)?rails (?:server|s)\b/,
    args: (port) => ['-p', String(port), '-b', host],
    kind: 'dev-server.rails',
  },
  {
    name: 'Django',
    starts: /^(?:python3? )?(?:\.\/)?(?:manage\.py|django-admin) runserver\b/,
    args: (port) => [`${host}:${port}`],
    kind: 'dev-server.django',
    csrfAdvice: djangoCsrfAdvice,
  },
  {
    name: 'Flask',
    starts: /^(?:python3? -m )?flask\b.* run\b/,
    environment: (port) => ({ FLASK_RUN_PORT: String(port), FLASK_RUN_HOST: host }),
  },
  {
    name: 'Laravel',
    starts: /^php artisan serve\b/,
    args: (port) => [`--port=${port}`, `--host=${host}`],
  },
  {
    name: 'Spring',
    starts: /\bspring-boot:run\b|\bbootRun\b/,
    environment: (port) => ({ SERVER_PORT: String(port), SERVER_ADDRESS: host }),
  },
  { name: 'Go', starts: /^go run\b|^air\b/ },
]

/**
 * Django compares the Origin of a form with its own protocol, which is HTTP here: "CSRF verification failed".
 * Read in November 2026: https://docs.djangoproject.com/en/stable/ref/settings/#csrf-trusted-origins
 */
function djangoCsrfAdvice(folder: string): string[] {
  const settings = globSync(['manage.py', '*/settings.py', '*/settings/*.py', '*/*/settings.py'], {
    cwd: folder,
  })
  const solving = /CSRF_TRUSTED_ORIGINS|SECURE_PROXY_SSL_HEADER/
  const isSolved = settings.some((file) => solving.test(projectFile(join(folder, file)) ?? ''))
  return isSolved
    ? []
    : [
        'Django refuses forms (CSRF) until settings.py has: if "EDGEKEEP_URL" in os.environ: CSRF_TRUSTED_ORIGINS = [os.environ["EDGEKEEP_URL"]]',
      ]
}

/** Programs of a "dev" script that watch and build, and so never listen. */
const watchers = /^(?:tsc|tsup|tsdown|unbuild|swc|sass|rollup|babel|tailwindcss)\b/

/** Operators of a shell: an argument at the end of such a line may reach another program. */
const shellSyntax = /[&|;<>`$()\n]/
const ownPorts = [/(?:^|\s)(?:--port|-p|--listen|-l)(?:[\s=]|$)/, /runserver\s+\S*\d/, /\s-S\s/]

export interface Recognised {
  framework: Framework | null
  listens: boolean
  /** It takes arguments at its end, and has no port of its own in it. */
  isOpen: boolean
}

export function recognise(line: string): Recognised {
  const bare = withoutPrefixes(line)
  return {
    framework: frameworks.find(({ starts }) => starts.test(bare)) ?? null,
    listens: !watchers.test(bare),
    isOpen: !shellSyntax.test(bare) && !ownPorts.some((option) => option.test(bare)),
  }
}

const launchers = new Set(['cross-env', 'cross-env-shell', 'env', 'npx', 'bunx'])
const launchersWithVerb = new Set([
  'pnpm exec',
  'pnpm dlx',
  'yarn exec',
  'bundle exec',
  'uv run',
  'poetry run',
])
const launcherFlags = new Set(['-y', '--yes', '--', '--bun'])
const longestLine = 2000

/** Drops what stands before the program: variables, launchers with their flags, a path. */
function withoutPrefixes(line: string): string {
  const tokens = line.slice(0, longestLine).split(/\s+/).filter(Boolean)
  for (;;) {
    const [first = '', second = ''] = tokens
    if (launchersWithVerb.has(`${first} ${second}`)) tokens.splice(0, 2)
    else if (isPrefix(first) || (first === 'yarn' && /^[a-z]/.test(second))) tokens.shift()
    else break
  }
  const [program = '', ...rest] = tokens
  return [program.replace(/^\.\//, '').replace(/^node_modules\/\.bin\//, ''), ...rest].join(' ')
}

function isPrefix(token: string): boolean {
  return launchers.has(token) || launcherFlags.has(token) || /^[A-Za-z_]\w*=/.test(token)
}
