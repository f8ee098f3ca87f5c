/** WhatsApp takes files of up to 100 MB and tells of larger ones only that they were too large (131052). */
export const DOWNLOAD_LIMITS = {
  largestBytes: 100 * 1024 * 1024,
  silentMs: 30_000,
}
