// Every element has stories, and every story does something that a test can follow: the list of what there is to see.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';

const root = resolve(import.meta.dirname, '../..');
const files = readdirSync(join(root, 'stories'))
  .filter((name) => name.endsWith('.stories.ts'))
  .map((name) => ({ name, text: readFileSync(join(root, 'stories', name), 'utf8') }));
const stories = files.flatMap(({ name, text }) =>
  [...text.matchAll(/^export const (\w+): Story = ([^]*?)(?=^export const |$(?![^]))/gm)].map((found) => ({
    name: `${name}: ${found[1]!}`,
    component: /title: '([^']+)'/.exec(text.slice(text.indexOf('const meta')))![1]!,
    state: found[1]!,
    text: found[2]! + makerOf(text, found[2]!),
  })),
);

/** The function of the file that makes the story, when one does. */
function makerOf(file: string, story: string): string {
  const [, name] = /^(\w+)\(/.exec(story) ?? [];
  return (name && new RegExp(`^function ${name}\\([^]*?^}`, 'm').exec(file)?.[0]) ?? '';
}

/** What people can find each element in. */
const STATES: Readonly<Record<string, readonly string[]>> = {
  'Components/flow-button': [
    ...['Idle', 'Running', 'Queued', 'Succeeded', 'Failed', 'Disabled', 'Asked', 'InvalidField', 'OwnButton'],
    ...['BlockedScreen', 'Cancelling', 'Cancelled', 'TooLateToCancel', 'TimedOut', 'TimedOutAndAsked'],
    ...['TimedOutToBackground', 'FailedWhileBlocking', 'FaultyDefinition', 'Replaced', 'Dark', 'German', 'RightToLeft'],
  ],
  'Components/process-button and process-tasks': [
    ...['Idle', 'Disabled', 'Asked', 'Started', 'StartedOnce', 'NotStarted', 'Empty', 'Claimed', 'TakenBySomebodyElse'],
    ...['OpenedForm', 'RequiredField', 'Completed', 'SearchAndPages', 'DraftIsBack', 'TwoPeople'],
  ],
  'Components/process-tasks: people': [
    ...['DueSoon', 'Outcomes', 'Decided', 'LeftOut', 'HandingOn', 'HandedOn', 'BegunBySomebodyElse', 'StartedAgain'],
    ...['AskedAboutNotices', 'Notified'],
  ],
  'Components/task-form': [
    ...[
      'FromASchema',
      'FromATemplate',
      'FromAnElement',
      'SchemaByAnElement',
      'FieldRequired',
      'Refused',
      'OpenedByTwo',
    ],
    'FormMissing',
  ],
  'Components/process-status': [
    ...['NothingYet', 'AtTheFirstStep', 'OnItsWay', 'Over', 'Failed', 'Withdrawn', 'FirstTaskInPlace'],
    ...['German', 'RightToLeft'],
  ],
  'Components/flow-activity': [
    ...['Running', 'Finished', 'Failed', 'TriedAgain', 'Cancelled', 'SeveralAndInline', 'Folded', 'AfterAReload'],
  ],
};

describe('the stories', () => {
  it('all have a play function', () => {
    assert.ok(stories.length > 60);
    assert.deepEqual(
      stories.filter(({ text }) => !/\bplay\b/.test(text)).map(({ name }) => name),
      [],
    );
  });

  it('show every state of every element', () => {
    for (const [component, states] of Object.entries(STATES)) {
      const there = stories.filter((story) => story.component === component).map(({ state }) => state);
      assert.deepEqual(
        states.filter((state) => !there.includes(state)),
        [],
        component,
      );
    }
  });
});
