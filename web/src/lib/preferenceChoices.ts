export type ThemeChoice = 'light' | 'dark' | 'system'
export type Density = 'comfortable' | 'compact'

/** What is worth a notification. */
export type NewsKind = 'mine' | 'mentions' | 'unassigned'

export type NotificationChoices = { isOn: boolean } & Record<NewsKind, boolean>

/** What somebody chose on this device. */
export type Choices = {
  /** A language tag such as `pt`, or `system`: as the browser asks for it. */
  language: string
  theme: ThemeChoice
  density: Density
  /** Whether single keys do something; those with Ctrl, ⌘ or Alt always do. */
  hasShortcuts: boolean
  notifications: NotificationChoices
  sound: boolean
  /** After resolving, the next conversation of the list opens. */
  opensNext: boolean
}

export const DEFAULT_CHOICES: Choices = {
  language: 'system',
  theme: 'system',
  density: 'comfortable',
  hasShortcuts: true,
  notifications: { isOn: false, mine: true, mentions: true, unassigned: false },
  sound: false,
  opensNext: false,
}

const THEMES: readonly ThemeChoice[] = ['light', 'dark', 'system']
const DENSITIES: readonly Density[] = ['comfortable', 'compact']

/** What was kept, as far as it can be understood: an older version may have written it, or somebody by hand. */
export function choicesIn(kept: unknown): Choices {
  const from = fieldsOf(kept)
  const notifications = fieldsOf(from.notifications)
  const usual = DEFAULT_CHOICES
  return {
    language: typeof from.language === 'string' && from.language !== '' ? from.language : usual.language,
    theme: oneOf(THEMES, from.theme, usual.theme),
    density: oneOf(DENSITIES, from.density, usual.density),
    hasShortcuts: flag(from.hasShortcuts, usual.hasShortcuts),
    notifications: {
      isOn: flag(notifications.isOn, usual.notifications.isOn),
      mine: flag(notifications.mine, usual.notifications.mine),
      mentions: flag(notifications.mentions, usual.notifications.mentions),
      unassigned: flag(notifications.unassigned, usual.notifications.unassigned),
    },
    sound: flag(from.sound, usual.sound),
    opensNext: flag(from.opensNext, usual.opensNext),
  }
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

const flag = (value: unknown, usual: boolean) => (typeof value === 'boolean' ? value : usual)

const oneOf = <T>(choices: readonly T[], value: unknown, usual: T): T =>
  choices.find((choice) => choice === value) ?? usual
