// Unpacks LZMA, after the specification of its format by Igor Pavlov (public domain). What a browser
// unpacks by itself (deflate) is a third larger, which would not fit into the one file.

const LITERAL_CONTEXT_BITS = 4;
const N_STATES = 12;
const FIRST_STATE_AFTER_MATCH = 7;
const N_ALIGN_BITS = 4;
const FIRST_SLOT_WITH_DIRECT_BITS = 14;
const LENGTH_MIN = 2;
const PROBABILITY_BITS = 11;
const HALF = 1 << (PROBABILITY_BITS - 1);
const RANGE_MIN = 1 << 24;

const HEADER_BYTES = 13;
const SIZE_AT = 5;

/** How the encoder must be set: see pack.mjs. */
export const SETTINGS = { lc: LITERAL_CONTEXT_BITS, lp: 0, pb: 0 };

/** Unpacks what was packed with these settings into less than 4 GB. */
export function unpack(packed) {
  const size = new DataView(packed.buffer, packed.byteOffset).getUint32(SIZE_AT, true);
  const out = new Uint8Array(size);
  const probabilities = (count) => new Uint16Array(count).fill(HALF);
  const literals = probabilities(0x300 << LITERAL_CONTEXT_BITS);
  const isMatch = probabilities(N_STATES);
  const isRepeat = probabilities(N_STATES);
  const isRepeatOther = probabilities(N_STATES);
  const isRepeatLong = probabilities(N_STATES);
  const isRepeatSecond = probabilities(N_STATES);
  const isRepeatFourth = probabilities(N_STATES);
  const slots = [0, 1, 2, 3].map(() => probabilities(64));
  const distances = probabilities(128);
  const align = probabilities(1 << N_ALIGN_BITS);
  const lengths = makeLengths();
  const repeatedLengths = makeLengths();

  let range = -1 >>> 0;
  let code = 0;
  let from = HEADER_BYTES + 1;
  for (let i = 0; i < 4; i++) code = ((code << 8) | packed[from++]) >>> 0;

  function bit(table, index) {
    const probability = table[index];
    const bound = (range >>> PROBABILITY_BITS) * probability;
    let result;
    if (code < bound) {
      range = bound;
      table[index] = probability + (((1 << PROBABILITY_BITS) - probability) >> 5);
      result = 0;
    } else {
      range -= bound;
      code -= bound;
      table[index] = probability - (probability >> 5);
      result = 1;
    }
    if (range < RANGE_MIN) {
      range = (range << 8) >>> 0;
      code = ((code << 8) | packed[from++]) >>> 0;
    }
    return result;
  }

  function directBits(count) {
    let result = 0;
    for (; count > 0; count--) {
      range >>>= 1;
      const isOne = code >= range;
      if (isOne) code -= range;
      result = (result << 1) | isOne;
      if (range < RANGE_MIN) {
        range = (range << 8) >>> 0;
        code = ((code << 8) | packed[from++]) >>> 0;
      }
    }
    return result;
  }

  function tree(table, n_bits, start = 0) {
    let node = 1;
    for (let i = 0; i < n_bits; i++) node = (node << 1) | bit(table, start + node);
    return node - (1 << n_bits);
  }

  function treeBackwards(table, n_bits, start) {
    let node = 1;
    let result = 0;
    for (let i = 0; i < n_bits; i++) {
      const it = bit(table, start + node);
      node = (node << 1) | it;
      result |= it << i;
    }
    return result;
  }

  function makeLengths() {
    return { choices: probabilities(2), low: probabilities(8), middle: probabilities(8), high: probabilities(256) };
  }

  function length({ choices, low, middle, high }) {
    if (bit(choices, 0) === 0) return LENGTH_MIN + tree(low, 3);
    if (bit(choices, 1) === 0) return LENGTH_MIN + 8 + tree(middle, 3);
    return LENGTH_MIN + 16 + tree(high, 8);
  }

  function distance(length) {
    const slot = tree(slots[Math.min(length - LENGTH_MIN, 3)], 6);
    if (slot < 4) return slot;
    const n_bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) << n_bits;
    if (slot < FIRST_SLOT_WITH_DIRECT_BITS) return base + treeBackwards(distances, n_bits, base - slot);
    return base + (directBits(n_bits - N_ALIGN_BITS) << N_ALIGN_BITS) + treeBackwards(align, N_ALIGN_BITS, 0);
  }

  let state = 0;
  let [first, second, third, fourth] = [0, 0, 0, 0];
  let at = 0;
  while (at < size) {
    if (bit(isMatch, state) === 0) {
      const before = at > 0 ? out[at - 1] : 0;
      const start = 0x300 * (before >> (8 - LITERAL_CONTEXT_BITS));
      let symbol = 1;
      if (state >= FIRST_STATE_AFTER_MATCH) {
        let expected = out[at - first - 1];
        do {
          const expectedBit = (expected >> 7) & 1;
          expected <<= 1;
          const it = bit(literals, start + ((1 + expectedBit) << 8) + symbol);
          symbol = (symbol << 1) | it;
          if (it !== expectedBit) break;
        } while (symbol < 0x100);
      }
      while (symbol < 0x100) symbol = (symbol << 1) | bit(literals, start + symbol);
      out[at++] = symbol;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    const wasLiteral = state < FIRST_STATE_AFTER_MATCH;
    let count;
    if (bit(isRepeat, state) === 0) {
      [fourth, third, second] = [third, second, first];
      count = length(lengths);
      state = wasLiteral ? 7 : 10;
      first = distance(count);
    } else {
      if (bit(isRepeatOther, state) === 0) {
        if (bit(isRepeatLong, state) === 0) {
          out[at] = out[at - first - 1];
          at += 1;
          state = wasLiteral ? 9 : 11;
          continue;
        }
      } else if (bit(isRepeatSecond, state) === 0) {
        [first, second] = [second, first];
      } else if (bit(isRepeatFourth, state) === 0) {
        [first, second, third] = [third, first, second];
      } else {
        [first, second, third, fourth] = [fourth, first, second, third];
      }
      count = length(repeatedLengths);
      state = wasLiteral ? 8 : 11;
    }
    for (const end = Math.min(at + count, size); at < end; at++) out[at] = out[at - first - 1];
  }
  return out;
}
