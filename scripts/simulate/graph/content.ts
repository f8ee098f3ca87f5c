import type { AcceptedSend, JsonObject } from '../entry.ts'
import { isObject, objectOf } from '../json.ts'
import type { MediaStore } from '../media/mediaStore.ts'
import type { World } from '../world.ts'
import { fillTemplate } from './fillTemplate.ts'
import { isFromBefore } from './markRead.ts'
import { type MediaKind, mediaKinds, mediaProblem } from './mediaRules.ts'
import { invalid, Refusal } from './refusal.ts'

type Accepted = Pick<AcceptedSend, 'content' | 'failure'>

/**
 * What is kept of a message whose shape is right: its object, and why it will fail after all, if it will.
 * Throws the refusal for what WhatsApp sees at once: a file that is not there, a template that does not fit.
 */
export function acceptContent(
  type: string,
  request: JsonObject,
  number: string,
  world: World,
  media: MediaStore,
  now: number,
): Accepted {
  const value = request[type]
  if (type === 'contacts') return { content: { contacts: Array.isArray(value) ? value : [] } }
  const content = objectOf(value)
  if (type === 'reaction')
    return { content, ...failed(131009, reactionProblem(content, request, number, world, now)) }
  const kind = mediaKinds.find((one) => one === type)
  if (kind) return { content, ...fileFailure(kind, content, media) }
  if (type === 'template') {
    const { filled, category } = fillTemplate(content, world.templates.values())
    const header = filled.media
    // What the customer reads is kept beside the request, so that the page and the log need no template list.
    return {
      content: { ...content, category, filled: { ...filled } },
      ...(header ? fileFailure(header.kind, header.file, media) : {}),
    }
  }
  if (type === 'interactive') return { content, ...headerFailure(objectOf(content.header), media) }
  return { content }
}

function headerFailure(header: JsonObject, media: MediaStore): Pick<Accepted, 'failure'> {
  const kind = mediaKinds.find((one) => one === header.type)
  return kind ? fileFailure(kind, objectOf(header[kind]), media) : {}
}

/** A file that was never uploaded is refused at once; one of the wrong kind fails when WhatsApp looks into it. */
function fileFailure(kind: MediaKind, file: JsonObject, media: MediaStore): Pick<Accepted, 'failure'> {
  if (typeof file.id !== 'string') return failed(131053, linkProblem(file.link))
  const record = media.find(file.id)
  if (!record) throw new Refusal(131009, { details: `Media id ${file.id} is not valid or has expired.` })
  return failed(131053, mediaProblem(kind, record, file.voice === true))
}

/** The simulator fetches no links; the domain that can never exist stands for one that is not there. */
function linkProblem(link: unknown): string | undefined {
  if (typeof link !== 'string' || !new URL(link).hostname.endsWith('.invalid')) return undefined
  return 'Downloading media from weblink failed with http code 404, status message Not Found'
}

const reactionLifeMs = 30 * 24 * 3_600_000

function reactionProblem(
  { message_id: id }: JsonObject,
  { context }: JsonObject,
  number: string,
  world: World,
  now: number,
): string | undefined {
  if (isObject(context)) throw invalid('A reaction cannot have a context.')
  const target = world.messages.get(String(id))
  if (!target) return isFromBefore(String(id)) ? undefined : 'The message to react to does not exist.'
  if (target.number !== number) return 'The message to react to belongs to another chat.'
  if (target.type === 'reaction') return 'A reaction cannot have a reaction.'
  return now - target.at > reactionLifeMs ? 'The message to react to is older than 30 days.' : undefined
}

function failed(code: number, details: string | undefined): Pick<Accepted, 'failure'> {
  return details === undefined ? {} : { failure: { code, details } }
}
