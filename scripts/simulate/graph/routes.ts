import type { JsonObject } from '../entry.ts'
import type { Route, Trouble } from '../faults/trouble.ts'
import { businessAccount, phoneNumber, subscribedApps } from './account.ts'
import { foreignAddress } from './download.ts'
import { chooseFields } from './fields.ts'
import type { GraphApi } from './graphApi.ts'
import { describeMedia, uploadMedia } from './media.ts'
import { describe, listTemplates } from './templateList.ts'

/** A request that has a place: which faults strike it, and how it is answered. */
export interface Served {
  on: Route
  answer(trouble: Trouble | undefined): JsonObject | Promise<JsonObject>
}

/** Finds what `METHOD /{id}/{edge}` asks for; undefined when there is no such object or edge. */
export function findRoute(
  request: Request,
  url: URL,
  id: string,
  edge: string,
  api: GraphApi,
): Served | undefined {
  const call = `${request.method} ${edge}`
  if (id === api.channel.phoneNumberId) return ofNumber(call, request, url, api)
  if (id === api.channel.businessAccountId) return ofAccount(call, url, api)
  if (edge !== '') return undefined
  const template = api.history.world.templates.get(id)
  if (template && request.method === 'GET') {
    return { on: 'templates', answer: () => chooseFields(describe(template), url.searchParams.get('fields')) }
  }
  return ofFile(request.method, url, id, api)
}

function ofNumber(call: string, request: Request, url: URL, api: GraphApi): Served | undefined {
  if (call === 'POST media') return { on: 'upload', answer: () => uploadMedia(request, api.media) }
  return call === 'GET ' ? { on: 'account', answer: () => describeNumber(url, api) } : undefined
}

function ofAccount(call: string, url: URL, api: GraphApi): Served | undefined {
  const { channel, history, subscription } = api
  const subscribe = (isOn: boolean) => {
    subscription.isOn = isOn
    return { success: true }
  }
  const answers: Record<string, Served> = {
    'GET message_templates': {
      on: 'templates',
      answer: () => listTemplates(url, history.world.templates.values()),
    },
    'GET phone_numbers': {
      on: 'account',
      answer: () => ({
        data: [describeNumber(url, api)],
        paging: { cursors: { before: 'MA', after: 'MA' } },
      }),
    },
    'GET subscribed_apps': { on: 'account', answer: () => subscribedApps(subscription.isOn) },
    'POST subscribed_apps': { on: 'account', answer: () => subscribe(true) },
    'DELETE subscribed_apps': { on: 'account', answer: () => subscribe(false) },
    'GET ': {
      on: 'account',
      answer: () => chooseFields(businessAccount(channel), url.searchParams.get('fields')),
    },
  }
  return answers[call]
}

function ofFile(
  method: string,
  url: URL,
  id: string,
  { media, history, channel }: GraphApi,
): Served | undefined {
  const file = media.find(id)
  const asked = url.searchParams.get('phone_number_id')
  if (!file || (asked !== null && asked !== channel.phoneNumberId)) return undefined
  if (method === 'DELETE') {
    return { on: 'account', answer: () => media.remove(id).then(() => ({ success: true })) }
  }
  if (method !== 'GET') return undefined
  return {
    on: 'describe',
    answer: (trouble) => {
      const described = describeMedia(file, url.origin, history.now())
      const isForeign = trouble && 'fault' in trouble && trouble.fault === 'foreign-media-url'
      return isForeign ? { ...described, url: foreignAddress(url, file) } : described
    },
  }
}

function describeNumber(url: URL, { channel, limits }: GraphApi): JsonObject {
  const number = phoneNumber(channel, limits.current().throughputPerSecond)
  return chooseFields(number, url.searchParams.get('fields'))
}
