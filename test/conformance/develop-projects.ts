export interface DevelopProject {
  name: string
  files: [name: string, content: string][]
  packages?: string[]
  /** Default: what "edgekeep run" finds by itself. */
  command?: string[]
  /** Program that has to succeed, or the project is skipped. */
  needs?: [string, ...string[]]
  /** File with the word "first" that the page shows; absent where a server has no live updates. */
  shown?: string
}

const packageFile = (name: string, dev: string): [string, string] => [
  'package.json',
  JSON.stringify({ name, private: true, type: 'module', scripts: { dev } }),
]
const text: [string, string] = ['src/text.js', "export const text = 'first'\n"]
const main =
  "import { text } from './text.js'\nconst show = (word) => { document.querySelector('main').textContent = word }\nshow(text)\n"
const page = '<!doctype html><title>Shop</title><main></main>'

/** Smallest projects of their kinds. */
export const developProjects: DevelopProject[] = [
  {
    name: 'vite',
    packages: ['vite'],
    files: [
      packageFile('vite-shop', 'vite'),
      ['index.html', `${page}<script type="module" src="/src/main.js"></script>`],
      ['src/main.js', `${main}import.meta.hot.accept('./text.js', (module) => show(module.text))\n`],
      text,
    ],
    shown: 'src/text.js',
  },
  {
    name: 'next',
    packages: ['next', 'react', 'react-dom'],
    files: [
      ['package.json', JSON.stringify({ name: 'next-shop', private: true, scripts: { dev: 'next dev' } })],
      ['app/layout.js', 'export default ({ children }) => <html><body>{children}</body></html>\n'],
      ['app/page.js', 'export default () => <main>first</main>\n'],
    ],
    shown: 'app/page.js',
  },
  {
    name: 'astro',
    packages: ['astro'],
    files: [
      packageFile('astro-shop', 'astro dev'),
      ['src/pages/index.astro', '<html><body><main>first</main></body></html>\n'],
    ],
    shown: 'src/pages/index.astro',
  },
  {
    name: 'sveltekit',
    packages: ['vite', 'svelte', '@sveltejs/kit', '@sveltejs/vite-plugin-svelte'],
    files: [
      packageFile('svelte-shop', 'vite dev'),
      [
        'vite.config.js',
        "import { sveltekit } from '@sveltejs/kit/vite'\nexport default { plugins: [sveltekit()] }\n",
      ],
      [
        'src/app.html',
        '<!doctype html><html><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>',
      ],
      ['src/routes/+page.svelte', '<main>first</main>\n'],
    ],
    shown: 'src/routes/+page.svelte',
  },
  {
    name: 'webpack',
    packages: ['webpack', 'webpack-cli', 'webpack-dev-server'],
    files: [
      [
        'package.json',
        JSON.stringify({
          name: 'webpack-shop',
          private: true,
          scripts: { dev: 'webpack serve --mode development' },
        }),
      ],
      ['public/index.html', `${page}<script src="/main.js"></script>`],
      ['src/index.js', main],
      text,
    ],
    shown: 'src/text.js',
  },
  {
    name: 'flask',
    needs: ['flask', '--version'],
    files: [
      [
        'app.py',
        "from flask import Flask\napp = Flask(__name__)\n\n@app.route('/')\ndef index():\n    return 'first'\n",
      ],
    ],
  },
  {
    name: 'django',
    needs: ['python3', '-c', 'import django'],
    files: [
      [
        'manage.py',
        `import sys
from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpResponse
from django.urls import path
settings.configure(DEBUG=True, ROOT_URLCONF=__name__, SECRET_KEY='test')
urlpatterns = [path('', lambda request: HttpResponse('first'))]
if __name__ == '__main__':
    execute_from_command_line(sys.argv)
`,
      ],
    ],
  },
  {
    name: 'php',
    needs: ['php', '--version'],
    command: ['sh', '-c', 'exec php -S "127.0.0.1:$PORT"'],
    files: [['index.php', "<?php echo 'first';\n"]],
  },
]
