import { describe, expect, it } from 'vitest';
import { sendHttp } from '../src/http.ts';
import { localServer } from './support/local-server.ts';

describe('a request', () => {
  it('sends what it says and brings back status, headers and text', async () => {
    const seen: unknown[] = [];
    const server = await localServer((request, response) => {
      request.setEncoding('utf8').on('data', (body) => {
        seen.push([request.method, request.url, request.headers['x-note'], body]);
        response.writeHead(201, { 'retry-after': '7' }).end('{"ok":true}');
      });
    });
    const answer = await sendHttp({
      method: 'POST',
      url: `${server.url}/notes`,
      headers: { 'x-note': 'one' },
      body: 'prix: 3 €',
    });
    await server.close();
    expect(seen).toEqual([['POST', '/notes', 'one', 'prix: 3 €']]);
    expect([
      answer.status,
      answer.header('retry-after'),
      answer.header('none'),
      answer.text,
    ]).toEqual([201, '7', undefined, '{"ok":true}']);
  });

  it('follows no redirect, so that a token stays with the server it is for', async () => {
    let requests = 0;
    const server = await localServer((_, response) => {
      requests += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const { status } = await sendHttp({ method: 'GET', url: server.url, headers: {} });
    await server.close();
    expect([status, requests]).toEqual([302, 1]);
  });

  it('reads no answer without end, and fails without one', async () => {
    const server = await localServer(
      (_, response) => void response.end('a'.repeat(17 * 1024 * 1024)),
    );
    const request = { method: 'GET', url: server.url, headers: {} } as const;
    await expect(sendHttp(request)).rejects.toThrow('larger than 16777216 bytes');
    await server.close();
    await expect(sendHttp(request)).rejects.toThrow('fetch failed');
  });
});
