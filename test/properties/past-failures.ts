import type { World, WorldCaller } from '../support/worlds.ts';
import type { Difference } from './mutate-worlds.ts';
import type { Probe } from './probes.ts';

/** One case: a world, who asks, what is different in the other world, and what they ask. */
export type Case = [World, WorldCaller, readonly Difference[], readonly Probe[]];

/** Cases that once failed, as small as they were shrunk; each is tried again in every run. */
export const PAST_FAILURES: readonly Case[] = [];

/** Worlds and callers about which the server and the naive oracle once disagreed. */
export const PAST_DISAGREEMENTS: readonly [World, WorldCaller][] = [];
