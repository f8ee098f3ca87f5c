/** A Graph API error that the simulator can answer with, in Meta's words. */
export interface ErrorCode {
  http: number
  title: string
  details: string
  /** True when Meta takes the message first and tells of the failure later, in a status of the webhook. */
  isReportedLater?: boolean
}

type Row = readonly [http: number, title: string, details?: string]

/** Told at once, as the answer to the request. */
const answered: Record<number, Row> = {
  0: [401, 'AuthException', 'We were unable to authenticate the app user.'],
  1: [400, 'API Unknown', 'Invalid request or possible server error.'],
  2: [503, 'API Service', 'Temporary due to downtime or due to being overloaded.'],
  3: [500, 'API Method', 'Capability or permissions issue.'],
  4: [400, 'API Too Many Calls', 'The app has reached its API call rate limit.'],
  10: [403, 'Permission Denied', 'Permission is either not granted or has been removed.'],
  33: [400, 'Parameter value is not valid', 'The business phone number has been deleted.'],
  100: [400, 'Invalid parameter', 'One or more parameters are not valid.'],
  190: [
    401,
    'Invalid OAuth access token - Cannot parse access token',
    'The access token is not valid or expired.',
  ],
  200: [403, 'API Permission', 'Permission is either not granted or has been removed.'],
  368: [403, 'Temporarily blocked for policies violations', 'The account has been restricted.'],
  80007: [400, 'Rate limit issues', 'The WhatsApp Business Account has reached its rate limit.'],
  130429: [400, 'Rate limit hit', 'Cloud API message throughput has been reached.'],
  130497: [403, 'Business account is restricted from messaging users in this country'],
  131000: [500, 'Something went wrong', 'Message failed to send due to an unknown error.'],
  131005: [403, 'Access denied', 'Permission is either not granted or has been removed.'],
  131008: [400, 'Required parameter is missing', 'The request is missing a required parameter.'],
  131009: [400, 'Parameter value is not valid', 'One or more parameter values are not valid.'],
  131016: [500, 'Service unavailable', 'A service is temporarily unavailable.'],
  131021: [400, 'Recipient cannot be sender', 'Sender and recipient phone number is the same.'],
  131030: [400, 'Recipient phone number not in allowed list', 'Add the recipient to the recipient list.'],
  131031: [403, 'Account has been locked', 'The account has been restricted or disabled.'],
  131037: [400, 'WhatsApp provided number needs display name approval before message can be sent.'],
  131045: [500, 'Incorrect certificate', 'Message failed to send due to a phone number registration error.'],
  131048: [400, 'Spam rate limit hit', 'There are restrictions on how many messages this number can send.'],
  131051: [400, 'Unsupported message type', 'Message type is not supported.'],
  131055: [400, 'Method not allowed', 'This method cannot be used here.'],
  131056: [
    400,
    '(Business Account, Consumer Account) pair rate limit hit',
    'Too many messages sent to the same number in a short time.',
  ],
  131057: [500, 'Account in maintenance mode', 'The account is being upgraded.'],
  131062: [400, 'Business-scoped user ids are not supported for this message'],
  131063: [400, 'Marketing templates are turned off for Cloud API'],
  131064: [400, 'Messaging limit reached because of misclassified templates'],
  132000: [400, 'Number of parameters does not match the expected number of params'],
  132001: [
    404,
    'Template name does not exist in the translation',
    'The template does not exist in this language.',
  ],
  132005: [400, 'Translated text too long', 'The filled template is too long.'],
  132007: [400, 'Template format character policy violated', 'The content violates a WhatsApp policy.'],
  132008: [400, 'Template parameter value is not valid'],
  132012: [400, 'Parameter format does not match format in the created template'],
  132015: [400, 'Template is paused', 'The template is paused due to low quality.'],
  132016: [400, 'Template is disabled', 'The template has been paused too many times and is disabled.'],
  132068: [400, 'Flow is in blocked state'],
  132069: [400, 'Flow is in throttled state', '10 messages using this flow were sent in the last hour.'],
  133000: [500, 'Incomplete deregistration', 'A previous deregistration attempt failed.'],
  133004: [503, 'Server temporarily unavailable', 'The server is temporarily unavailable.'],
  133005: [400, 'Two step verification PIN mismatch'],
  133006: [400, 'Phone number re-verification needed'],
  133008: [400, 'Too many two step verification PIN guesses'],
  133009: [400, 'Two step verification PIN guessed too fast'],
  133010: [400, 'Phone number not registered', 'The number is not registered on the platform.'],
  133015: [400, 'Phone number was recently deleted', 'Wait a few minutes before registering it again.'],
  133016: [400, 'Registration and deregistration rate limit exceeded'],
  134011: [400, 'Payments terms of service are not accepted'],
  134100: [400, 'Only marketing messages are supported'],
  134101: [400, 'Template is being synchronised', 'The template is not ready yet.'],
  134102: [500, 'Template is not available for use'],
  135000: [
    400,
    'Generic user error',
    'Message failed to send because of an unknown error with its parameters.',
  ],
  137000: [400, 'Recipient identity key hash mismatch'],
  139000: [400, 'Blocked by integrity', 'The flow failed integrity checks.'],
  139001: [400, 'Flow cannot be updated'],
  139002: [400, 'Flow cannot be published'],
  139003: [400, 'Flow cannot be deprecated'],
  139004: [400, 'Flow cannot be deleted'],
}

/** Told later, in a `failed` status: the request itself was answered with 200. */
const told: Record<number, Row> = {
  130472: [
    400,
    "User's number is part of an experiment",
    'The message was not sent as part of an experiment.',
  ],
  131026: [400, 'Message undeliverable', 'Message undeliverable.'],
  131042: [400, 'Business eligibility payment issue', 'There was an issue with the payment method.'],
  131047: [
    400,
    'Re-engagement message',
    'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
  ],
  131049: [
    400,
    'Meta chose not to deliver',
    'This message was not delivered to maintain healthy ecosystem engagement.',
  ],
  131050: [
    400,
    'User has opted out of marketing messages',
    'The recipient chose to stop marketing messages.',
  ],
  131052: [400, 'Media download error', 'Unable to download the media sent by the user.'],
  131053: [400, 'Media upload error', 'Unable to upload the media used in the message.'],
  131060: [400, 'This message is currently unavailable'],
}

const rows = new Map<number, ErrorCode>()
for (const [code, row] of Object.entries(answered)) rows.set(Number(code), readRow(row))
for (const [code, row] of Object.entries(told))
  rows.set(Number(code), { ...readRow(row), isReportedLater: true })

/** What Meta says of this code; undefined for a code that Meta does not have. 200 to 299 share a row. */
export function errorOf(code: number): ErrorCode | undefined {
  return rows.get(code > 200 && code < 300 ? 200 : code)
}

/** All codes that can be provoked. */
export function knownCodes(): number[] {
  return [...rows.keys()]
}

function readRow([http, title, details = `${title}.`]: Row): ErrorCode {
  return { http, title, details }
}
