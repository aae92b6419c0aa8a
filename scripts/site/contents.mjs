// The documents in the order in which they are read. A test compares the list with the folder.
export const CONTENTS = [
  { title: 'Start', files: ['README.md', 'docs/tutorial.md', 'docs/choosing.md', 'docs/comparison.md'] },
  {
    title: 'Guides',
    files: [
      'docs/forms.md',
      'docs/blocking.md',
      'docs/people.md',
      'docs/errors.md',
      'docs/timers.md',
      'docs/frameworks.md',
      'docs/testing.md',
      'docs/migrating.md',
      'docs/processes.md',
      'docs/inspector.md',
      'docs/reliability.md',
      'docs/bpmn.md',
      'docs/server.md',
      'docs/connectors.md',
      'docs/theming.md',
      'docs/accessibility.md',
      'docs/security.md',
    ],
  },
  {
    title: 'Reference',
    files: [
      'docs/flow-language.md',
      'docs/reference/definition.md',
      'docs/reference/elements.md',
      'docs/reference/api.md', // generated for the site
      'docs/diagnostics.md',
      'docs/command-line.md',
      'docs/patterns.md',
      'docs/benchmarks.md',
    ],
  },
  { title: 'The project', files: ['docs/architecture.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'] },
];
