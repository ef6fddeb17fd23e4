import type { PlopTypes } from '@turbo/gen'
import { finish } from './finish.ts'

/** The generators behind `pnpm gen`: each fills a folder of templates, then makes the workspace know the new package. */
export default function generators(plop: PlopTypes.NodePlopAPI): void {
  // As the file is named, so is its function: focal-tversky.ts holds focalTversky.
  plop.setHelper('functionName', (name: string) => name.replaceAll(/-(\w)/g, (_, letter) => letter.toUpperCase()))
  plop.setHelper('words', (name: string) => name.replaceAll('-', ' '))

  addGenerator(plop, 'loss', 'a loss as a package of its own', 'loss-')
  addGenerator(plop, 'package', 'a package of methods', '')
}

function addGenerator(plop: PlopTypes.NodePlopAPI, kind: string, description: string, prefix: string): void {
  plop.setGenerator(kind, {
    description,
    prompts: [{ type: 'input', name: 'name', message: `Name of the ${kind}, in lower-case words joined by hyphens` }],
    actions: [
      {
        type: 'addMany',
        destination: `{{turbo.paths.root}}/packages/${prefix}{{name}}`,
        base: `templates/${kind}`,
        templateFiles: `templates/${kind}/**/*`,
        globOptions: {},
      },
      {
        type: 'add',
        path: `{{turbo.paths.root}}/.changeset/add-${prefix}{{name}}.md`,
        templateFile: 'templates/changeset.md.hbs',
        data: { prefix },
      },
      answers => finish(answers.turbo.paths.root, `${prefix}${answers.name}`),
    ],
  })
}
