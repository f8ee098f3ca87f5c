/** What is said to whoever would let the world into the demo by mistake. */
export const PUBLIC_DEMO_WORDS =
  'would open the demo, whose accounts and password everybody knows, to others than this machine. Connect a real number ' +
  '(WHATSAPP_ACCESS_TOKEN and the others in .env.example), or listen on this machine alone (HOST=127.0.0.1, PUBLIC_URL left out), ' +
  'or say DEMO_IN_PUBLIC=yes if that is what you want'

/** Whether others than this machine could reach what listens there. */
export function isPublicPlace({ host, publicUrl }: { host: string; publicUrl: string | undefined }): boolean {
  return !isLoopback(host) || (publicUrl !== undefined && !isLoopback(URL.parse(publicUrl)?.hostname ?? ''))
}

/** An address of this machine that no other can reach; `0.0.0.0` and `::` are all of its addresses. */
function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host)
}
