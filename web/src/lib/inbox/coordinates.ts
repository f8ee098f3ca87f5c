/** Two numbers as maps write them: `52.5163, 13.3777`, also out of a link to a map. Null when they are none. */
export function coordinatesIn(text: string): { latitude: number; longitude: number } | null {
  const number = '(-?\\d{1,3}(?:\\.\\d+)?)'
  const found =
    new RegExp(`!3d${number}!4d${number}`).exec(text) ??
    new RegExp(`mlat=${number}&mlon=${number}`).exec(text) ??
    new RegExp(`#map=\\d+/${number}/${number}`).exec(text) ??
    new RegExp(`(?:^|[@=\\s])${number}\\s*[,;]\\s*${number}(?![\\d.])`).exec(text.trim())
  if (!found) return null
  const [latitude, longitude] = [Number(found[1]), Number(found[2])]
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null
}

/** Where a place can be looked at; nothing is loaded from there before somebody asks. */
export function mapLink(latitude: number, longitude: number): string {
  return `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`
}
