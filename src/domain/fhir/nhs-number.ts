/**
 * Whether a text is an NHS number in its API form: ten digits without blanks, the last of which is
 * the Modulus 11 check digit. `0000000000` passes the sum and is refused all the same.
 */
export function isNhsNumber(text: string): boolean {
  if (!/^[0-9]{10}$/.test(text) || text === '0000000000') return false;
  return checkDigit(text) === Number(text[9]);
}

/**
 * Weights 10 to 2 on the first nine digits; 11 counts as 0, and 10 is the check digit of no
 * number.
 */
function checkDigit(text: string): number {
  let sum = 0;
  for (let index = 0; index < 9; index += 1) sum += Number(text[index]) * (10 - index);
  const digit = 11 - (sum % 11);
  return digit === 11 ? 0 : digit;
}
