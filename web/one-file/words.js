// Bytes as the text of a page in UTF-16, two in each unit: of all ways to write them into a page this
// is the one that no host can spoil, as the mark at its beginning outdoes any charset that is sent.

/** Says that the unit after it has its highest bit turned. */
const ESCAPE = 0x21;
const TURN = 0x8000;

/** Whether a unit would not come through: half a pair, what ends a text, what is changed in one. */
const isEscaped = (unit) =>
  (unit >= 0xd800 && unit < 0xe000) || unit === 0 || unit === 0x0d || unit === 0x3c || unit === ESCAPE;

export function toUnits(bytes) {
  const units = [];
  for (let i = 0; i < bytes.length; i += 2) {
    const unit = bytes[i] | ((bytes[i + 1] ?? 0) << 8);
    if (isEscaped(unit)) units.push(ESCAPE, unit ^ TURN);
    else units.push(unit);
  }
  return units;
}

/** What was written, and a byte more if their number was odd. */
export function fromText(text) {
  const units = new Uint16Array(text.length);
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    units[count++] = unit === ESCAPE ? text.charCodeAt(++i) ^ TURN : unit;
  }
  const bytes = new Uint8Array(2 * count);
  for (let i = 0; i < count; i++) {
    bytes[2 * i] = units[i];
    bytes[2 * i + 1] = units[i] >> 8;
  }
  return bytes;
}
