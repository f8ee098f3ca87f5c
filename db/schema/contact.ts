import { index, json, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, moment } from './columns.ts'
import { workspaces } from './workspace.ts'

/** A customer, or a group of customers. The phone may be missing: WhatsApp users with a username can hide it. */
export const contacts = pgTable(
  'contacts',
  {
    id: id(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    kind: text({ enum: ['person', 'group'] })
      .notNull()
      .default('person'),
    name: text(),
    username: text(),
    phone: text(),
    /** What the team calls them: shown instead of the name of their profile, which they can change at any time. */
    givenName: text(),
    /** What the team knows of them, by names that the team chose. */
    attributes: json().notNull().default({}),
    /** When the profile that gave us the name was true: an older delivery that comes late does not overwrite it. */
    profileAt: moment(),
    /** Set while the contact wants no marketing, with what told us. */
    optedOutAt: moment(),
    /** When it was last said whether the contact wants marketing: an older word that comes late changes nothing. */
    marketingSaidAt: moment(),
    /**
     * Set once a contact has more than one number, as after a join: when they last wrote from `phone`. Answers go there, for the
     * 24-hour window is that of a number.
     */
    phoneSaidAt: moment(),
    optOutSource: text({ enum: ['user_preferences', 'refused_by_whatsapp', 'stop_word', 'agent'] }),
    createdAt: createdAt(),
  },
  (table) => [index().on(table.workspaceId)],
)

/**
 * The names by which WhatsApp knows a contact. `phone` values are canonical (see `server/whatsapp/phone.ts`), `bsuid` and
 * `parent_bsuid` are business-scoped user ids, `group` is a group id. One value belongs to one contact of the workspace.
 */
export const contactIdentities = pgTable(
  'contact_identities',
  {
    id: id(),
    workspaceId: uuid().notNull(),
    contactId: uuid()
      .notNull()
      .references(() => contacts.id, { onDelete: 'cascade' }),
    kind: text({ enum: ['phone', 'bsuid', 'parent_bsuid', 'group'] }).notNull(),
    value: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [unique().on(table.workspaceId, table.kind, table.value), index().on(table.contactId)],
)
