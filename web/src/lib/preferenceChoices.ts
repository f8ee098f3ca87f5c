export type ThemeChoice = 'light' | 'dark' | 'system'

/** What is worth a notification. */
export type NewsKind = 'mine' | 'mentions' | 'unassigned'

export type NotificationChoices = { isOn: boolean } & Record<NewsKind, boolean>

/** What somebody chose on this device. The language is kept beside it (`words/language.ts`): it is needed before anything else. */
export type Choices = {
  theme: ThemeChoice
  /** Whether single keys do something; those with Ctrl, ⌘ or Alt always do. */
  hasShortcuts: boolean
  notifications: NotificationChoices
  sound: boolean
}

export const DEFAULT_CHOICES: Choices = {
  theme: 'system',
  hasShortcuts: true,
  notifications: { isOn: false, mine: true, mentions: true, unassigned: false },
  sound: false,
}

const THEMES: readonly ThemeChoice[] = ['light', 'dark', 'system']

/** What was kept, as far as it can be understood: an older version may have written it, or somebody by hand. */
export function choicesIn(kept: unknown): Choices {
  const from = fieldsOf(kept)
  const notifications = fieldsOf(from.notifications)
  const usual = DEFAULT_CHOICES
  return {
    theme: oneOf(THEMES, from.theme, usual.theme),
    hasShortcuts: flag(from.hasShortcuts, usual.hasShortcuts),
    notifications: {
      isOn: flag(notifications.isOn, usual.notifications.isOn),
      mine: flag(notifications.mine, usual.notifications.mine),
      mentions: flag(notifications.mentions, usual.notifications.mentions),
      unassigned: flag(notifications.unassigned, usual.notifications.unassigned),
    },
    sound: flag(from.sound, usual.sound),
  }
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

const flag = (value: unknown, usual: boolean) => (typeof value === 'boolean' ? value : usual)

const oneOf = <T>(choices: readonly T[], value: unknown, usual: T): T =>
  choices.find((choice) => choice === value) ?? usual
