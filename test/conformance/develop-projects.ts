export interface DevelopProject {
  name: string
  files: [name: string, content: string, mode?: number][]
  packages?: string[]
  /** Default: what "edgekeep run" finds by itself. */
  command?: string[]
  /** Program that has to succeed, or the project is skipped. */
  needs?: [string, ...string[]]
  /** File with the word "first" that the page shows. */
  shown: string
  /** A change reaches the open page by itself, or at its next load. */
  updates: 'live' | 'at a reload'
  hasWebSocket?: false
  /** The page has a form, whose answer is protected by the framework. */
  form?: true
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
    updates: 'live',
  },
  {
    name: 'next',
    packages: ['next', 'react', 'react-dom'],
    files: [
      ['package.json', JSON.stringify({ name: 'next-shop', private: true, scripts: { dev: 'next dev' } })],
      ['app/layout.js', 'export default ({ children }) => <html><body>{children}</body></html>\n'],
      [
        'app/page.js',
        `async function post() {
  'use server'
}
export default () => (
  <form action={post}>
    <main>first</main>
    <button>Send</button>
  </form>
)
`,
      ],
    ],
    form: true,
    shown: 'app/page.js',
    updates: 'live',
  },
  {
    name: 'astro',
    packages: ['astro'],
    files: [
      packageFile('astro-shop', 'astro dev'),
      ['src/pages/index.astro', '<html><body><main>first</main></body></html>\n'],
    ],
    shown: 'src/pages/index.astro',
    updates: 'live',
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
      ['src/routes/+page.svelte', '<main>first</main>\n<form method="POST"><button>Send</button></form>\n'],
      ['src/routes/+page.server.js', 'export const actions = { default: () => ({}) }\n'],
    ],
    form: true,
    shown: 'src/routes/+page.svelte',
    updates: 'live',
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
    updates: 'live',
  },
  {
    name: 'angular',
    packages: [
      '@angular/build',
      '@angular/cli',
      '@angular/common',
      '@angular/compiler',
      '@angular/compiler-cli',
      '@angular/core',
      '@angular/platform-browser',
      'rxjs',
      'tslib',
    ],
    files: [
      packageFile('angular-shop', 'ng serve'),
      [
        'angular.json',
        JSON.stringify({
          version: 1,
          cli: { analytics: false },
          projects: {
            shop: {
              projectType: 'application',
              root: '',
              sourceRoot: 'src',
              architect: {
                build: {
                  builder: '@angular/build:application',
                  options: {
                    browser: 'src/main.ts',
                    index: 'src/index.html',
                    tsConfig: 'tsconfig.json',
                    outputPath: 'dist',
                    optimization: false,
                  },
                },
                serve: { builder: '@angular/build:dev-server', options: { buildTarget: 'shop:build' } },
              },
            },
          },
        }),
      ],
      [
        'tsconfig.json',
        JSON.stringify({
          compilerOptions: {
            target: 'ES2022',
            module: 'preserve',
            moduleResolution: 'bundler',
            skipLibCheck: true,
          },
          files: ['src/main.ts'],
        }),
      ],
      ['src/index.html', '<!doctype html><title>Shop</title><base href="/"><app-root></app-root>'],
      [
        'src/main.ts',
        "import { bootstrapApplication } from '@angular/platform-browser'\nimport { App } from './app'\nvoid bootstrapApplication(App)\n",
      ],
      [
        'src/app.ts',
        "import { Component } from '@angular/core'\n\n@Component({ selector: 'app-root', templateUrl: './app.html' })\nexport class App {}\n",
      ],
      ['src/app.html', '<main>first</main>\n'],
    ],
    shown: 'src/app.html',
    updates: 'live',
  },
  {
    name: 'rails',
    needs: ['rails', '--version'],
    files: [
      [
        'bin/rails',
        `#!/usr/bin/env ruby
APP_PATH = File.expand_path('../config/application', __dir__)
require 'rails/commands'
`,
        0o755,
      ],
      [
        'config/application.rb',
        `require 'logger'
require 'rails'
require 'action_controller/railtie'
require 'action_cable/engine'

class Shop < Rails::Application
  config.load_defaults 7.2
  config.eager_load = false
  config.secret_key_base = 'test' * 16
end
`,
      ],
      ['config/environment.rb', "require_relative 'application'\nRails.application.initialize!\n"],
      ['config.ru', "require_relative 'config/environment'\nrun Rails.application\n"],
      ['config/cable.yml', 'development:\n  adapter: async\n'],
      [
        'config/routes.rb',
        `Rails.application.routes.draw do
  mount ActionCable.server => '/cable'
  root 'pages#show'
  post '/' => 'pages#create'
end
`,
      ],
      [
        'app/controllers/pages_controller.rb',
        `class PagesController < ActionController::Base
  protect_from_forgery with: :exception
  def show = render(inline: <<~PAGE)
    <main>first</main>
    <%= form_with(url: '/') { |form| form.button 'Send' } %>
    <script>new WebSocket(location.origin.replace('http', 'ws') + '/cable', 'actioncable-v1-json')</script>
  PAGE
  def create = render(plain: 'received')
end
`,
      ],
    ],
    shown: 'app/controllers/pages_controller.rb',
    updates: 'at a reload',
    form: true,
  },
  {
    name: 'flask',
    needs: ['flask', '--version'],
    command: ['flask', 'run', '--debug'],
    files: [
      [
        'app.py',
        "from flask import Flask\napp = Flask(__name__)\n\n@app.route('/')\ndef index():\n    return 'first'\n",
      ],
    ],
    shown: 'app.py',
    updates: 'at a reload',
    hasWebSocket: false,
  },
  {
    name: 'django',
    needs: ['python3', '-c', 'import django'],
    files: [
      [
        'manage.py',
        `import os
import sys
from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.urls import path
settings.configure(
    DEBUG=True,
    ROOT_URLCONF=__name__,
    SECRET_KEY='test',
    MIDDLEWARE=['django.middleware.csrf.CsrfViewMiddleware'],
    CSRF_TRUSTED_ORIGINS=[os.environ['EDGEKEEP_URL']],
)
def show(request):
    field = f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">'
    return HttpResponse(f'<main>first</main><form method="POST">{field}<button>Send</button></form>')
urlpatterns = [path('', show)]
if __name__ == '__main__':
    execute_from_command_line(sys.argv)
`,
      ],
    ],
    shown: 'manage.py',
    updates: 'at a reload',
    hasWebSocket: false,
    form: true,
  },
  {
    name: 'php',
    needs: ['php', '--version'],
    command: ['sh', '-c', 'exec php -S "127.0.0.1:$PORT"'],
    files: [['index.php', "<?php echo 'first';\n"]],
    shown: 'index.php',
    updates: 'at a reload',
    hasWebSocket: false,
  },
]
