const OF_WHOEVER_IS_IN: ReadonlySet<string> = new Set(['baton:me', 'baton:recent-acts', 'baton:emoji'])

/**
 * Removes what this device keeps of an agent who signs out. By one rule, so that nobody has to remember to clear what they
 * keep: a key of a storage that belongs to an agent has their id in it, or stands in the list below. What has no id (theme,
 * language) is the device's and stays. Of another agent nothing is touched: a session that ended by itself leaves drafts and queue behind
 * for its own agent, who finds them when they are back.
 */
export function forgetAgent(agentId: string, storages: readonly Storage[] = [localStorage, sessionStorage]) {
  for (const storage of storages) {
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '')
    for (const key of keys) if (OF_WHOEVER_IS_IN.has(key) || key.includes(agentId)) storage.removeItem(key)
  }
}
