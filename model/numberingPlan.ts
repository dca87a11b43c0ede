import { isValidPhoneNumber, Metadata } from "libphonenumber-js/min";

/** What libphonenumber-js says of a country's numbering plan; its own types leave these out. */
interface Rules {
  nationalNumberPattern(): string;
  nationalPrefixForParsing(): string | undefined;
  leadingDigits(): string | undefined;
  hasTypes(): boolean;
  type(name: string): { pattern(): string; possibleLengths(): number[] | undefined } | undefined;
}
interface Plans {
  getCountryCodesForCallingCode(code: string): string[] | undefined;
  selectNumberingPlan(country: string): { numberingPlan: Rules };
}

const TYPES = [
  "FIXED_LINE",
  "MOBILE",
  "PREMIUM_RATE",
  "TOLL_FREE",
  "SHARED_COST",
  "VOIP",
  "PERSONAL_NUMBER",
  "PAGER",
  "UAN",
  "VOICEMAIL",
];
/** A calling code has three digits at most (ITU-T E.164). */
const CALLING_CODE_DIGITS_MAX = 3;

type Test = (national: string) => boolean;
const no: Test = () => false;
/** By calling code: whether the plan of the code's first country surely allows a national number. */
const tests = new Map<string, Test>();
let plans: Plans | undefined;

const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`);

function testOf(rules: Rules, alone: boolean): Test {
  // Told apart by more than patterns: not decided here.
  if (rules.leadingDigits() || (!alone && !rules.hasTypes())) return no;
  const prefix = rules.nationalPrefixForParsing();
  const stripped = prefix ? new RegExp(`^(?:${prefix})`) : undefined;
  const general = whole(rules.nationalNumberPattern());
  const kinds = TYPES.flatMap((name) => {
    const type = rules.type(name);
    return type?.pattern() ? [{ lengths: type.possibleLengths(), pattern: whole(type.pattern()) }] : [];
  });
  return (n) =>
    !stripped?.test(n) &&
    general.test(n) &&
    (!rules.hasTypes() || kinds.some((k) => (k.lengths?.includes(n.length) ?? true) && k.pattern.test(n)));
}

/** The test of the calling code that the digits begin with, and how long that code is. */
function planOf(digits: string): { test: Test; length: number } | undefined {
  plans ??= new Metadata() as unknown as Plans;
  for (let length = 1; length <= CALLING_CODE_DIGITS_MAX; length++) {
    const code = digits.slice(0, length);
    let test = tests.get(code);
    if (!test) {
      const countries = plans.getCountryCodesForCallingCode(code);
      if (!countries) continue;
      const first = countries[0] as string;
      test = testOf(plans.selectNumberingPlan(first).numberingPlan, countries.length === 1);
      tests.set(code, test);
    }
    return { test, length };
  }
  return undefined;
}

/**
 * Whether a text is a number that its country's numbering plan allows, as libphonenumber's `isValidPhoneNumber` says. The library builds
 * its patterns anew for every number, a third of the time in which an estate of thousands is read: a plain E.164 number is looked at with
 * patterns made once per calling code, and whatever these do not surely allow is the library's to decide.
 */
export function isDialable(number: string): boolean {
  if (/^\+[1-9]\d{4,14}$/.test(number)) {
    const plan = planOf(number.slice(1));
    if (plan?.test(number.slice(1 + plan.length))) return true;
  }
  return isValidPhoneNumber(number);
}
