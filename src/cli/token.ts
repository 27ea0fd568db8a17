import { parseArgs } from 'node:util';
import { DEV_AUDIENCE, DEV_ISSUER, openDevIssuer } from '../adapters/jwt/dev-issuer.ts';
import {
  claimsOf,
  TOKEN_LIFETIME_HOURS_DEFAULT,
  type TokenRequest,
} from '../adapters/jwt/mint-token.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { systemIds } from '../adapters/system/ids.ts';
import { readConfig } from '../config.ts';
import { isRole, ROLES } from '../domain/access/caller.ts';
import { callerFromClaims } from '../domain/access/caller-from-claims.ts';
import { parseScopes } from '../domain/access/scope.ts';

const USAGE = `Prints a token for development mode.

  npm run token -- --role ROLE --org CODE [options]

  --role ROLE          ${ROLES.join(', ')}
  --org CODE           ODS code of the organisation (not for the role patient)
  --org-name TEXT      its name
  --purpose CODE       purpose of use: TREAT, ETREAT, HLEGAL ...
  --sub ID             who it is; the same id is the same person
  --name TEXT          their name
  --patient ID         limit the token to this Patient id
  --nhs-number NUMBER  whose record (only for the role patient, which needs it)
  --scope "SCOPES"     SMART scopes; what the role needs unless given
  --hours N            how long it lasts (${TOKEN_LIFETIME_HOURS_DEFAULT})
  --data-dir PATH      where the development key is (SCR_DATA_DIR, else ./data)`;

const OPTIONS = {
  role: { type: 'string' },
  org: { type: 'string' },
  'org-name': { type: 'string' },
  purpose: { type: 'string' },
  sub: { type: 'string' },
  name: { type: 'string' },
  patient: { type: 'string' },
  'nhs-number': { type: 'string' },
  scope: { type: 'string' },
  hours: { type: 'string' },
  'data-dir': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** The longest that a development token may last: a year. */
const HOURS_MAX = 24 * 366;

type Values = Partial<Record<Exclude<keyof typeof OPTIONS, 'help'>, string>> & { help?: boolean };

process.exitCode = await main(process.argv.slice(2));

/**
 * Exit code: 0 with the token and nothing else on stdout, 1 when refused, 2 for wrong arguments.
 */
async function main(args: readonly string[]): Promise<number> {
  const values = valuesOf(args);
  if (typeof values === 'string') return complain(`${values}\n\n${USAGE}`, 2);
  if (values.help === true) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const read = readConfig();
  if (!read.ok) return complain(read.faults.join('\n'), 1);
  if (!read.config.isDevelopment) {
    return complain('A token issuer is configured: tokens come from there, not from here.', 1);
  }
  const request = requestOf(values);
  if (typeof request === 'string') return complain(`${request}\n\n${USAGE}`, 2);
  return print(request, values['data-dir'] ?? read.config.dataDirectory);
}

async function print(request: TokenRequest, dataDirectory: string): Promise<number> {
  try {
    const issuer = await openDevIssuer(dataDirectory);
    process.stdout.write(`${await issuer.mint(request)}\n`);
    return 0;
  } catch (error) {
    return complain(error instanceof Error ? error.message : String(error), 1);
  }
}

function complain(text: string, exitCode: number): number {
  process.stderr.write(`${text}\n`);
  return exitCode;
}

/** The arguments, or what is wrong with them. */
function valuesOf(args: readonly string[]): Values | string {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What the token is to say, or why the server would refuse it. */
function requestOf(values: Values): TokenRequest | string {
  const { role = '', org, 'nhs-number': nhsNumber } = values;
  if (!isRole(role)) return `--role must be one of ${ROLES.join(', ')}.`;
  if (role !== 'patient' && org === undefined) return `The role ${role} needs --org.`;
  if (role === 'patient' && org !== undefined) return 'The role patient takes no --org.';
  if ((role === 'patient') !== (nhsNumber !== undefined)) {
    return 'The role patient needs --nhs-number, and no other role takes it.';
  }
  const lifetimeHours = Number(values.hours ?? TOKEN_LIFETIME_HOURS_DEFAULT);
  if (!(lifetimeHours > 0 && lifetimeHours <= HOURS_MAX)) {
    return `--hours must be a number above 0, at most ${HOURS_MAX}.`;
  }
  const scopes = values.scope?.split(/\s+/) ?? [];
  if (parseScopes(scopes).length < scopes.length) return '--scope has a scope that grants nothing.';
  return asTheServerReadsIt({
    role,
    organization: org,
    organizationName: values['org-name'],
    purpose: values.purpose,
    subject: values.sub,
    name: values.name,
    patient: values.patient,
    nhsNumber,
    scope: values.scope,
    lifetimeHours,
    tokenId: systemIds().fresh(),
    now: systemClock.now(),
  });
}

/** Whatever else is wrong, the server's own reading of the claims says. */
function asTheServerReadsIt(request: TokenRequest): TokenRequest | string {
  const claims = claimsOf({ issuer: DEV_ISSUER, audience: DEV_AUDIENCE }, request);
  const caller = callerFromClaims(claims);
  return caller.ok ? request : caller.problem.issues[0].diagnostics;
}
