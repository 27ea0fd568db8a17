/** A URL behind the base, whether it was written with the base or not. */
export function relativeUrl(url: string, baseUrl: string): string {
  const behind = url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length + 1) : url;
  return behind.replace(/^\//, '');
}
