import { describe, expect, test } from 'vitest';
import { CONFIG_VARIABLES } from '../../src/config.ts';
import { rolesFor } from '../../src/domain/access/role-table.ts';
import { RULE_IDS } from '../../src/domain/consent/rule.ts';
import { POLICIES } from '../../src/domain/record/choice.ts';
import { PROBLEM_KINDS, statusOf } from '../../src/http/outcome.ts';
import { FHIR_ROUTES } from '../../src/http/route-table.ts';
import { LAYERS } from './layers.ts';
import { tableRows } from './markdown.ts';
import { filesBelow, textOf } from './sources.ts';

const code = (text: string): string => `\`${text}\``;
const bare = (cell: string | undefined): string => (cell ?? '').replaceAll('`', '');

/** The comma-separated parts of a cell. */
const parts = (cell: string | undefined): readonly string[] => bare(cell).split(/,\s*/);

describe('a table in a document says what the code says, no more and no less:', () => {
  test('the configuration in README.md', () => {
    const rows = tableRows(textOf('README.md'), ['variable', 'meaning', 'default']);
    const wanted = CONFIG_VARIABLES.map(({ name, meaning, default: value }) => [
      code(name),
      meaning,
      value === null ? 'unset' : value.includes('`') ? value : code(value),
    ]);
    expect(rows).toEqual(wanted);
  });

  test('the kinds of problem in docs/problems.md', () => {
    const rows = tableRows(textOf('docs/problems.md'), ['kind', 'status', 'when']);
    const listed = rows.map(([kind, status]) => [bare(kind), status]);
    const wanted = PROBLEM_KINDS.map((kind) => [kind, String(statusOf(kind))]);
    expect(listed.sort()).toEqual(wanted.sort());
  });

  test('the rules in docs/architecture.md', () => {
    const rows = tableRows(textOf('docs/architecture.md'), ['rule', 'id', 'withholds']);
    const listed = rows.flatMap(([, id]) => parts(id));
    expect(listed.sort()).toEqual([...RULE_IDS].sort());
  });

  test('the layers in docs/architecture.md', () => {
    const rows = tableRows(textOf('docs/architecture.md'), ['layer', 'holds', 'may use']);
    expect(rows.map(([layer]) => bare(layer))).toEqual(LAYERS);
  });

  test('the choices in docs/api/consents.md', () => {
    const rows = tableRows(textOf('docs/api/consents.md'), [
      'policy',
      'provision',
      'says',
      'whose',
    ]);
    expect(rows.map(([policy]) => bare(policy)).sort()).toEqual([...POLICIES].sort());
  });

  test('interactions and the roles that may attempt them, in docs/api', () => {
    const pages = filesBelow('docs/api').map(textOf);
    const listed = pages.flatMap((text) =>
      tableRows(text, ['interaction', 'on', 'roles']).flatMap(([interaction, types, roles]) =>
        parts(types).map((type) => `${bare(interaction)} ${type}: ${[...parts(roles)].sort()}`),
      ),
    );
    const routed = FHIR_ROUTES.flatMap(({ interaction, alternative, type }) =>
      [interaction, alternative ?? interaction].map(
        (name) => `${name} ${type}: ${[...rolesFor(name, type)].sort()}`,
      ),
    );
    expect(listed.sort()).toEqual([...new Set(routed)].sort());
  });
});
