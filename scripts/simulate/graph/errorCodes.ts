/** The Graph API errors that the simulator can answer with, in Meta's words. */
export interface ErrorCode {
  http: number
  title: string
  details: string
}

export const errorsByCode: Record<number, ErrorCode> = {
  33: { http: 400, title: 'Parameter value is not valid', details: 'The business phone number was deleted.' },
  100: { http: 400, title: 'Invalid parameter', details: 'One or more parameters are not valid.' },
  190: {
    http: 401,
    title: 'Invalid OAuth access token - Cannot parse access token',
    details: 'The access token is missing, not valid or expired.',
  },
  130429: {
    http: 400,
    title: 'Rate limit hit',
    details: 'Message failed to send because there were too many messages sent from this phone number.',
  },
  131000: { http: 500, title: 'Something went wrong', details: 'Message failed to send: unknown error.' },
  131008: {
    http: 400,
    title: 'Required parameter is missing',
    details: 'A required parameter is missing.',
  },
  131009: {
    http: 400,
    title: 'Parameter value is not valid',
    details: 'One or more parameter values are not valid.',
  },
  131016: {
    http: 500,
    title: 'Service unavailable',
    details: 'A service is temporarily unavailable.',
  },
  131021: {
    http: 400,
    title: 'Recipient cannot be sender',
    details: 'The sender and recipient numbers are the same.',
  },
  131026: {
    http: 400,
    title: 'Message undeliverable',
    details: 'Message undeliverable.',
  },
  131047: {
    http: 400,
    title: 'Re-engagement message',
    details:
      'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
  },
  131051: {
    http: 400,
    title: 'Unsupported message type',
    details: 'Message type is not supported.',
  },
  132000: {
    http: 400,
    title: 'Number of parameters does not match the expected number of params',
    details: 'The number of parameters does not match the template.',
  },
  132001: {
    http: 404,
    title: 'Template name does not exist in the translation',
    details: 'The template does not exist in this language.',
  },
}
