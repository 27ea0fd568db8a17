/**
 * The parts of a packed audit entry, as bytes. Numbers are big-endian. A text is a byte that says
 * how it stands there, and: nothing, where there is none; the 16 bytes of a UUID; the length in one
 * byte and the bytes that an even number of hexadecimal digits are; or the length in three, and
 * UTF-8.
 */
const NONE = 0;
const UUID = 1;
const DIGITS = 2;
const UTF8 = 3;

const UUID_BYTES = 16;
const UUID_CHARACTERS = 36;
/** Where its parts end, each but the last with a dash behind it. */
const UUID_ENDS = [8, 13, 18, 23, UUID_CHARACTERS];
const DIGITS_MIN = 8;
const DIGITS_MAX = 510;
const COUNT_BYTES = 3;
const LONG_BYTES = 6;
const DASH = 0x2d;

/** What a count can be, and the length of a text in bytes. */
export const COUNT_MAX = 2 ** (COUNT_BYTES * 8) - 1;

/** What a long number can be: epoch milliseconds until the year 10889, and links to values. */
export const LONG_MAX = 2 ** (LONG_BYTES * 8) - 1;
/** The hexadecimal digits of a long number. */
export const LONG_DIGITS = LONG_BYTES * 2;

/** Of UTF-8 for one character of a JavaScript string. */
export const BYTES_PER_CHARACTER_MAX = 3;

/** The first piece of memory of a writer, and the largest that is kept for what comes next. */
const FIRST_BYTES = 1024;
const KEPT_BYTES = 64 * 1024;

/** Writes one part behind the other. Throws a `RangeError` for a number that is too large. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #at = 0;

  /** Begins anew, whatever became of what was written before. */
  begin(): void {
    this.#at = 0;
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = Buffer.allocUnsafe(FIRST_BYTES);
  }

  /** How much was written. */
  place(): number {
    return this.#at;
  }

  /** Forgets what was written behind a place. */
  goBack(place: number): void {
    this.#at = place;
  }

  byte(value: number): void {
    this.#makeRoom(1);
    this.#bytes[this.#at] = value;
    this.#at += 1;
  }

  /** From 0 to `COUNT_MAX`. */
  count(value: number): void {
    this.#makeRoom(COUNT_BYTES);
    this.#at = this.#bytes.writeUIntBE(value, this.#at, COUNT_BYTES);
  }

  /** From 0 to `LONG_MAX`. */
  long(value: number): void {
    this.#makeRoom(LONG_BYTES);
    this.#at = this.#bytes.writeUIntBE(value, this.#at, LONG_BYTES);
  }

  /** A text of `COUNT_MAX` bytes at most, or none, in its shortest form. */
  text(text: string | null): void {
    if (text === null) this.byte(NONE);
    else if (!this.#uuid(text) && !this.#shortDigits(text)) this.#utf8(text);
  }

  /**
   * The bytes that a part of a text in ASCII is, if that is nothing but an even number of digits in
   * lower case; false if it is not, and then nothing is written.
   */
  digitsIn(text: Uint8Array, from: number, to: number): boolean {
    this.#makeRoom((to - from) / 2);
    const bytes = this.#bytes;
    let at = this.#at;
    for (let n = from; n < to; n += 2) {
      const high = digitOf(text[n] ?? 0);
      const low = digitOf(text[n + 1] ?? 0);
      if (high < 0 || low < 0) return false;
      bytes[at] = high * 16 + low;
      at += 1;
    }
    this.#at = at;
    return true;
  }

  raw(bytes: Uint8Array): void {
    this.#makeRoom(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** What was written since the beginning, to be used soon. */
  written(): Buffer {
    const written = Buffer.allocUnsafe(this.#at);
    this.#bytes.copy(written, 0, 0, this.#at);
    return written;
  }

  /**
   * The same, to be kept for long, in memory of its own: what is in memory that many share keeps
   * all of it, some hundred times as much.
   */
  writtenToKeep(): Uint8Array {
    return new Uint8Array(this.#bytes.subarray(0, this.#at));
  }

  /** False where it is none, and then nothing is written. */
  #uuid(text: string): boolean {
    if (text.length !== UUID_CHARACTERS) return false;
    const begun = this.#at;
    this.byte(UUID);
    let from = 0;
    for (const end of UUID_ENDS) {
      const hasDash = end === UUID_CHARACTERS || text.charCodeAt(end) === DASH;
      if (!hasDash || !this.#digits(text, from, end)) {
        this.#at = begun;
        return false;
      }
      from = end + 1;
    }
    return true;
  }

  /** The same of an even number of digits, neither few nor many. */
  #shortDigits(text: string): boolean {
    const { length } = text;
    if (length < DIGITS_MIN || length > DIGITS_MAX || length % 2 !== 0) return false;
    const begun = this.#at;
    this.byte(DIGITS);
    this.byte(length / 2);
    const isDigits = this.#digits(text, 0, length);
    if (!isDigits) this.#at = begun;
    return isDigits;
  }

  /** As `digitsIn`, of a part of a text as it is. */
  #digits(text: string, from: number, to: number): boolean {
    this.#makeRoom((to - from) / 2);
    const bytes = this.#bytes;
    let at = this.#at;
    for (let n = from; n < to; n += 2) {
      const high = digitOf(text.charCodeAt(n));
      const low = digitOf(text.charCodeAt(n + 1));
      if (high < 0 || low < 0) return false;
      bytes[at] = high * 16 + low;
      at += 1;
    }
    this.#at = at;
    return true;
  }

  #utf8(text: string): void {
    this.byte(UTF8);
    this.#makeRoom(COUNT_BYTES + text.length * BYTES_PER_CHARACTER_MAX);
    const length = this.#bytes.write(text, this.#at + COUNT_BYTES);
    this.count(length);
    this.#at += length;
  }

  #makeRoom(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe((this.#at + bytes) * 2);
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }
}

/** What a character stands for; -1 when it is no hexadecimal digit in lower case. */
function digitOf(code: number): number {
  if (code >= DIGIT_0 && code <= DIGIT_9) return code - DIGIT_0;
  return code >= LETTER_A && code <= LETTER_F ? code - LETTER_A + 10 : -1;
}

const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const LETTER_A = 0x61;
const LETTER_F = 0x66;

/** Reads one part after the other. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at: number;

  /** From this byte on. */
  constructor(bytes: Uint8Array, from: number) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = from;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    return this.#bytes.readUInt8(this.#past(1));
  }

  count(): number {
    return this.#bytes.readUIntBE(this.#past(COUNT_BYTES), COUNT_BYTES);
  }

  long(): number {
    return this.#bytes.readUIntBE(this.#past(LONG_BYTES), LONG_BYTES);
  }

  text(): string | null {
    const kind = this.byte();
    if (kind === NONE) return null;
    if (kind === UUID) return asUuid(this.digits(UUID_BYTES));
    if (kind === DIGITS) return this.digits(this.byte());
    return this.raw(this.count()).toString();
  }

  /** So many bytes as digits. */
  digits(bytes: number): string {
    return this.raw(bytes).toString('hex');
  }

  /** So many bytes, as they are. */
  raw(bytes: number): Buffer {
    const from = this.#past(bytes);
    return this.#bytes.subarray(from, this.#at);
  }

  /** Where so many bytes are, which it goes past. */
  #past(bytes: number): number {
    const from = this.#at;
    this.#at += bytes;
    return from;
  }
}

function asUuid(hex: string): string {
  const [a, b, c, d] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return `${a}-${b}-${c}-${d}-${hex.slice(20)}`;
}
