import LayoutTemplate from '@lucide/svelte/icons/layout-template'
import Link from '@lucide/svelte/icons/link'
import List from '@lucide/svelte/icons/list'
import LocateFixed from '@lucide/svelte/icons/locate-fixed'
import MapPin from '@lucide/svelte/icons/map-pin'
import Mic from '@lucide/svelte/icons/mic'
import Paperclip from '@lucide/svelte/icons/paperclip'
import Smile from '@lucide/svelte/icons/smile'
import SquareMousePointer from '@lucide/svelte/icons/square-mouse-pointer'
import SquareSlash from '@lucide/svelte/icons/square-slash'
import User from '@lucide/svelte/icons/user'
import type { ComposerForm, Composition } from '#lib/inbox/composition.svelte.ts'
import type { ComposerAction } from './composerAction.ts'

type Acts = { attach(): void; emoji(): void; canned(): void; record(): void; composition: Composition }

/** What can be sent beside words, the usual first. */
export function replyActions({ attach, emoji, canned, record, composition }: Acts): ComposerAction[] {
  const template = () => composition.openTemplates(true)
  return [
    { id: 'attach', words: 'Attach files', Icon: Paperclip, run: attach, takesFocus: true },
    { id: 'emoji', words: 'Emoji', Icon: Smile, run: emoji, takesFocus: true },
    {
      id: 'template',
      words: 'Send a template',
      hint: 'Send a template (T)',
      Icon: LayoutTemplate,
      run: template,
      takesFocus: true,
    },
    {
      id: 'canned',
      words: 'Canned reply',
      hint: 'Canned reply (/)',
      Icon: SquareSlash,
      run: canned,
      takesFocus: true,
    },
    { id: 'record', words: 'Record a voice message', Icon: Mic, run: record, takesFocus: true },
  ]
}

const FORMS: { form: ComposerForm; words: string; Icon: ComposerAction['Icon'] }[] = [
  { form: 'buttons', words: 'Buttons to answer with', Icon: SquareMousePointer },
  { form: 'list', words: 'List to choose from', Icon: List },
  { form: 'cta_url', words: 'Link button', Icon: Link },
  { form: 'location', words: 'Location', Icon: MapPin },
  { form: 'location_request', words: 'Ask for a location', Icon: LocateFixed },
  { form: 'contacts', words: 'Contact card', Icon: User },
]

/** What has a small form of its own. */
export function formActions(composition: Composition): ComposerAction[] {
  return FORMS.map(({ form, words, Icon }) => ({ id: form, words, Icon, run: () => composition.open(form) }))
}
