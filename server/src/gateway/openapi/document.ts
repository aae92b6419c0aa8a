// What the OpenAPI document says besides its operations: how to begin, who may call, what the groups of operations are.
export const OPENAPI = {
  openapi: '3.1.0',
  info: {
    title: 'Millrace server',
    version: '1',
    license: { name: 'MIT', identifier: 'MIT' },
    description: `Runs flows (graphs of activities) durably, for many people and programs.

**To begin**: \`getCaller\` says who you are here. Deploy a definition (\`deployFlow\`), start it (\`startInstance\`), follow it
(\`watchInstances\`, or \`getInstance\`). A flow that waits for a person has a task: \`listTasks\`, \`claimTask\`, \`completeTask\`. A flow that
waits for a message goes on with \`sendSignal\`. An instance whose status is \`failed\` is an incident and waits for \`retryInstance\` or
\`skipInstance\`. A flow that answers at once is called like any HTTP service: \`runFlow\`.

**Tasks belong to people.** A caller sees and completes tasks of its own roles. A trusted program (\`delegate\` of \`getCaller\` is true)
acts for the people that it has checked itself: \`user\` in the bodies, \`user\` and \`roles\` in \`listTasks\`. Claiming is not needed before
completing; it keeps others from doing the same.

**Safe to repeat.** What has been answered has been kept. When an answer is lost, send the same again: starts with the same \`id\`,
everything else that changes something with the same \`Idempotency-Key\`.

**Errors** are \`Problem\` objects. Go by \`code\`; \`message\` is for people; \`retryable\` says whether the same request may succeed later.
An address that is not described here answers 404 (or 401 without credentials).

**Times** are milliseconds since 1970-01-01 UTC, durations are ISO 8601, expressions are JSONata. Answers may get more properties; ignore
those you do not know.`,
  },
  servers: [{ url: '/', description: 'Where this document comes from.' }],
  security: [{ apiKey: [] }, { bearer: [] }],
  tags: [
    { name: 'callers', description: 'Who asks.' },
    { name: 'flows', description: 'Definitions, by name and version.' },
    { name: 'instances', description: 'Runs of flows.' },
    { name: 'services', description: 'Flows as HTTP services.' },
    { name: 'tasks', description: 'What people have to do.' },
    { name: 'messages', description: 'What flows wait for.' },
    { name: 'events', description: 'What changes, as it changes.' },
    { name: 'schedules', description: 'Flows that start by the clock.' },
    { name: 'agents', description: 'Programs elsewhere that do activities for the server.' },
    { name: 'health', description: 'Whether it works.' },
  ],
  components: {
    securitySchemes: {
      apiKey: {
        type: 'apiKey',
        in: 'header',
        name: 'X-Api-Key',
        description: 'For programs that nobody can look into.',
      },
      bearer: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'A token of the identity provider that the server trusts; an API key is taken here, too.',
      },
    },
  },
} as const;
