import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keySource } from '../../../src/adapters/jwt/key-source.ts';
import { type KeyServer, startKeyServer } from './key-server.ts';

let server: KeyServer;

beforeEach(async () => {
  server = await startKeyServer({ keys: [] });
});

afterEach(() => server.close());

describe('keySource', () => {
  it('loads from a server, anew each time', async () => {
    const load = keySource(server.url);
    expect(await load()).toEqual({ keys: [] });
    await load();
    expect(server.requests()).toBe(2);
  });

  it('gives up on a server that never answers', async () => {
    server.answerWith(null);
    await expect(keySource(server.url, 500)()).rejects.toThrow(
      expect.objectContaining({ name: 'TimeoutError' }),
    );
    expect(server.requests()).toBe(1);
  });

  it('hands over keys that are given as they are', async () => {
    expect(await keySource({ keys: [{ kty: 'EC' }] })()).toEqual({ keys: [{ kty: 'EC' }] });
  });
});
