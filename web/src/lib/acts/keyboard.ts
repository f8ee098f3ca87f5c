import type { Session } from '../inbox/session.svelte.ts'
import type { Act } from './act.ts'
import { actedOn } from './actedOn.ts'
import { isCharacter, keyOf } from './keyOf.ts'

/** What the page says about a press. */
export type Scene = {
  /** Somebody writes there. */
  isWriting: boolean
  /** A dialog or a menu is open: it has its own keys. */
  isCovered: boolean
  /** It would press the link or button that has the focus. */
  isPressing: boolean
}

/** Another way to say a key, which no setting switches off. */
const SAME: Readonly<Record<string, string>> = { 'Ctrl z': 'z' }

/** The act that a key stands for now, if any. */
export function actOf(
  acts: readonly Act[],
  pressed: string,
  scene: Scene,
  session: Session,
): Act | undefined {
  const { isWriting, isPressing } = scene
  if (isPressing && pressed === 'Enter') return undefined
  if (!session.preferences.hasShortcuts && isCharacter(pressed)) return undefined
  const key = SAME[pressed] ?? pressed
  const ids = actedOn(session)
  const found = acts.find(
    (act) =>
      act.key === key && (!isWriting || act.whileWriting === true) && (act.when?.(session, ids) ?? true),
  )
  return found && !scene.isCovered ? found : undefined
}

/** Does what the keys say. Esc leaves a text field first. */
export function keyboard(session: Session, acts: () => readonly Act[]) {
  return (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return
    const pressed = keyOf(event)
    if (session.surface.palette !== null && !isInPalette(event.target)) return toPalette(event, session)
    const scene = sceneOf(event.target)
    if (pressed === 'Escape' && scene.isWriting && !scene.isCovered) {
      if (event.target instanceof HTMLElement) event.target.blur()
      return
    }
    const act = actOf(acts(), pressed, scene, session)
    if (!act) return
    event.preventDefault()
    act.run(session, actedOn(session))
  }
}

/** It is open, and the focus is not there yet: nothing is meant for what lies below. */
function toPalette(event: KeyboardEvent, { surface }: Session) {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  if (event.key === 'Escape') surface.open(null)
  else surface.pressEarly(event.key)
}

const FIELDS = 'textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])'
const COVERS = '[aria-modal=true], [role=menu], [data-popover-content]'
const INSIDE = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]'

function sceneOf(target: EventTarget | null): Scene {
  const element = target instanceof HTMLElement ? target : null
  return {
    isWriting: element !== null && (element.isContentEditable || element.matches(FIELDS)),
    // Looked for in the whole page, so only when it matters: hardly a letter that is typed is a key of ours.
    get isCovered() {
      return document.querySelector(COVERS) !== null || isInside(target)
    },
    isPressing: element?.closest('a, button, summary, [role=button], [role=link]') != null,
  }
}

const isInside = (target: EventTarget | null) => target instanceof Element && target.closest(INSIDE) !== null

const isInPalette = (target: EventTarget | null) =>
  target instanceof Element && target.matches('[data-palette] :is(input, button)')
