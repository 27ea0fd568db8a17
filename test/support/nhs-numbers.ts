/**
 * Valid NHS numbers of the test range (999 …), the same for the same count: their check digit is
 * worked out.
 */
export function nhsNumbers(count: number): string[] {
  const numbers: string[] = [];
  for (let stem = 999_000_000; numbers.length < count; stem++) {
    const digit = checkDigit(String(stem));
    if (digit !== 10) numbers.push(`${stem}${digit}`);
  }
  return numbers;
}

function checkDigit(stem: string): number {
  const sum = [...stem].reduce((total, each, index) => total + Number(each) * (10 - index), 0);
  return (11 - (sum % 11)) % 11;
}
